namespace YandexMarket.Chats.Tests;

/// <summary>Calls over message handlers, for what needs no socket.</summary>
internal static class Calls
{
    public const string Good = """{"status":"OK"}""";

    public static ChatsClientOptions Options(TimeProvider? clock = null) => new()
    {
        ApiKey = Canary.Key,
        TimeProvider = clock ?? new ManualClock(),
        Timeout = TimeSpan.FromSeconds(15),
    };

    public static ChatsClient Over(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, ChatsClientOptions? options = null) =>
        new(new HttpClient(new StubHandler(send)), options ?? Options());

    public static ChatsClient Throwing(Exception exception) => Over((_, _) => Task.FromException<HttpResponseMessage>(exception));

    /// <summary>Throws once it has taken the request's bytes.</summary>
    public static ChatsClient ThrowingAfterTaking(Exception exception) => Over(async (request, cancellationToken) =>
    {
        await (request.Content?.CopyToAsync(Stream.Null, cancellationToken) ?? Task.CompletedTask);
        throw exception;
    });

    public static async Task<Exception?> FailureOfAsync(Func<Task> call)
    {
        try
        {
            await call().WaitAsync(TimeSpan.FromMinutes(1));
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    public static Task<Exception?> FailureOfReadAsync(ChatsClient client, CancellationToken cancellationToken = default) =>
        FailureOfAsync(() => client.GetChatMessageAsync(1, 2, 3, cancellationToken));

    public static Task<Exception?> FailureOfSendAsync(ChatsClient client, CancellationToken cancellationToken = default) =>
        FailureOfAsync(() => client.SendMessageToChatAsync(1, 2, Canary.Text, cancellationToken));
}
