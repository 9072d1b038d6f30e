using System.Text;
using YandexMarket.Chats.Benchmarks.Peers;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>A call and what the service answers to it.</summary>
internal sealed record Scenario(string Name, bool IsRead, string Text, int Status, string Answer)
{
    private const string SmallMessage =
        """{"status":"OK","result":{"messageId":1,"createdAt":"2017-11-21T00:00:00+03:00","sender":"PARTNER","message":"example","payload":[{"name":"example","url":"example","size":0}]}}""";

    private const string Missing =
        """{"status":"ERROR","errors":[{"code":"NOT_FOUND","message":"Can't find chat by id: '7654321'"}]}""";

    private const string Done = """{"status":"OK"}""";

    // As long as a message may be, in Russian.
    private static readonly string _longText = string.Concat(Enumerable.Repeat("Здравствуйте! Ваш заказ уже в пути. ", 114))[..4096];

    private static readonly string _largeMessage = SmallMessage
        .Replace("\"message\":\"example\"", $"\"message\":\"{_longText}\"", StringComparison.Ordinal)
        .Replace(
            """{"name":"example","url":"example","size":0}""",
            string.Join(',', Enumerable.Range(1, 10).Select(i =>
                $$"""{"name":"photo-{{i}}.jpg","url":"https://chat-files.example.com/attachments/{{i:D12}}/photo-{{i}}.jpg","size":{{i * 345_678}}}""")),
            StringComparison.Ordinal);

    public static readonly Scenario ReadSmall = new("read small", IsRead: true, "", 200, SmallMessage);
    public static readonly Scenario SendSmall = new("send small", IsRead: false, "string", 200, Done);
    public static readonly Scenario ReadLarge = new("read large", IsRead: true, "", 200, _largeMessage);
    public static readonly Scenario SendLarge = new("send large", IsRead: false, _longText, 200, Done);
    public static readonly Scenario ReadMissing = new("read, 404", IsRead: true, "", 404, Missing);
    public static readonly Scenario SendMissing = new("send, 404", IsRead: false, "string", 404, Missing);

    public static IReadOnlyList<Scenario> All { get; } = [ReadSmall, SendSmall, ReadLarge, SendLarge, ReadMissing, SendMissing];

    public byte[] AnswerBytes { get; } = Encoding.UTF8.GetBytes(Answer);

    /// <summary>The first part of the path of a server that gives this answer.</summary>
    public string Path => Name.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-');

    public Task Begin(Peer peer) => IsRead ? peer.ReadAsync() : peer.SendAsync(Text);

    /// <summary>What an application's await does at the end of a call, which throws an error and catches it where there is one.</summary>
    public void End(Task call)
    {
        try
        {
            call.GetAwaiter().GetResult();
        }
        catch (Exception) when (Status != 200)
        {
        }
    }

    /// <summary>The whole of a call, for where it need not end at once.</summary>
    public async Task CallAsync(Peer peer)
    {
        try
        {
            await Begin(peer).ConfigureAwait(false);
        }
        catch (Exception) when (Status != 200)
        {
        }
    }
}
