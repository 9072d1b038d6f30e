using System.Text;
using YandexMarket.Chats.Benchmarks.Peers;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>A call and the response of the service.</summary>
public sealed record Scenario
{
    private const string SmallMessage =
        """{"status":"OK","result":{"messageId":1,"createdAt":"2017-11-21T00:00:00+03:00","sender":"PARTNER","message":"example","payload":[{"name":"example","url":"example","size":0}]}}""";

    // As long as a message may be, in Russian.
    private static readonly string _longText = string.Concat(Enumerable.Repeat("Здравствуйте! Ваш заказ уже в пути. ", 114))[..4096];

    private static readonly string _largeMessage = SmallMessage
        .Replace("\"message\":\"example\"", $"\"message\":\"{_longText}\"", StringComparison.Ordinal)
        .Replace(
            """{"name":"example","url":"example","size":0}""",
            string.Join(',', Enumerable.Range(1, 10).Select(i =>
                $$"""{"name":"photo-{{i}}.jpg","url":"https://chat-files.example.com/attachments/{{i:D12}}/photo-{{i}}.jpg","size":{{i * 345_678}}}""")),
            StringComparison.Ordinal);

    private readonly string? _text;

    private Scenario(string name, string? text, int status, string response) =>
        (Name, _text, Status, ResponseBytes) = (name, text, status, Encoding.UTF8.GetBytes(response));

    public static Scenario ReadSmall { get; } = new("read small", text: null, 200, SmallMessage);

    public static Scenario SendSmall { get; } = new("send small", "string", 200, """{"status":"OK"}""");

    public static Scenario ReadLarge { get; } = new("read large", text: null, 200, _largeMessage);

    public static Scenario SendLarge { get; } = new("send large", _longText, 200, """{"status":"OK"}""");

    public static Scenario ReadMissing { get; } = new(
        "read 404", text: null, 404, """{"status":"ERROR","errors":[{"code":"NOT_FOUND","message":"Can't find chat by id: '7654321'"}]}""");

    public static IReadOnlyList<Scenario> All { get; } = [ReadSmall, SendSmall, ReadLarge, SendLarge, ReadMissing];

    public string Name { get; }

    public bool IsRead => _text is null;

    public int Status { get; }

    public byte[] ResponseBytes { get; }

    /// <summary>Makes the call; an error that belongs to the scenario is thrown and caught, as an application would do it.</summary>
    internal async Task CallAsync(Peer peer)
    {
        try
        {
            await Begin(peer).ConfigureAwait(false);
        }
        catch (Exception) when (Status != 200)
        {
        }
    }

    internal Task Begin(Peer peer) => _text is null ? peer.ReadAsync() : peer.SendAsync(_text);

    public override string ToString() => Name;
}
