namespace YandexMarket.Chats.Tests;

/// <summary>Clients whose options a test changes.</summary>
internal static class Clients
{
    public const string Key = "ACMA:key:of-tests";

    /// <summary>A client that borrows an HttpClient over a handler.</summary>
    public static ChatsClient Over(HttpMessageHandler handler, Action<ChatsClientOptions>? change = null) =>
        new(new HttpClient(handler), Options(new Uri("https://example.org/v2/"), change));

    /// <summary>A client with connections of its own.</summary>
    public static ChatsClient At(Uri address, Action<ChatsClientOptions>? change = null) => new(Options(address, change));

    public static ChatsClientOptions Options(Uri address, Action<ChatsClientOptions>? change = null)
    {
        var options = new ChatsClientOptions { ApiKey = Key, BaseAddress = address };
        change?.Invoke(options);
        return options;
    }

    /// <summary>One of the two operations, with good arguments.</summary>
    public static Task CallAsync(this IChatsClient client, bool read, CancellationToken cancellationToken = default) => read
        ? client.GetChatMessageAsync(1, 2, 3, cancellationToken)
        : client.SendMessageToChatAsync(1, 2, "text", cancellationToken);
}
