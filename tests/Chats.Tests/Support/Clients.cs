namespace YandexMarket.Chats.Tests;

/// <summary>Clients whose key is the canary and whose clock stands still, unless a test changes their options.</summary>
internal static class Clients
{
    /// <summary>A client with a caller's HttpClient over a handler.</summary>
    public static ChatsClient Over(HttpMessageHandler handler, Action<ChatsClientOptions>? change = null) =>
        new(new HttpClient(handler), Options(change: change));

    /// <summary>A client whose requests end in a function.</summary>
    public static ChatsClient Over(
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, Action<ChatsClientOptions>? change = null) =>
        Over(new StubHandler(send), change);

    /// <summary>A client with connections of its own.</summary>
    public static ChatsClient At(Uri address, Action<ChatsClientOptions>? change = null) => new(Options(address, change));

    public static ChatsClientOptions Options(Uri? address = null, Action<ChatsClientOptions>? change = null)
    {
        var options = new ChatsClientOptions
        {
            ApiKey = Canary.Key,
            BaseAddress = address ?? new Uri("https://example.org/v2/"),
            TimeProvider = new ManualClock(),
        };
        change?.Invoke(options);
        return options;
    }

    /// <summary>One of the two operations, with good arguments.</summary>
    public static Task CallAsync(this IChatsClient client, bool read, CancellationToken cancellationToken = default) => read
        ? client.GetChatMessageAsync(1, 2, 3, cancellationToken)
        : client.SendMessageToChatAsync(1, 2, Canary.Text, cancellationToken);

    /// <summary>One of the two operations. The message, if it reads.</summary>
    public static async Task<ChatMessage?> CallAsync(
        this IChatsClient client, bool read, long business, long chat, long message, string text, CancellationToken cancellationToken = default)
    {
        if (read)
        {
            return await client.GetChatMessageAsync(business, chat, message, cancellationToken);
        }

        await client.SendMessageToChatAsync(business, chat, text, cancellationToken);
        return null;
    }

    public static Task<Exception?> FailureOfReadAsync(this IChatsClient client, CancellationToken cancellationToken = default) =>
        FailureOfAsync(() => client.CallAsync(read: true, cancellationToken));

    public static Task<Exception?> FailureOfSendAsync(this IChatsClient client, CancellationToken cancellationToken = default) =>
        FailureOfAsync(() => client.CallAsync(read: false, cancellationToken));

    public static async Task<Exception?> FailureOfAsync(Func<Task> call)
    {
        try
        {
            await call().WaitAsync(Until.Timeout);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
