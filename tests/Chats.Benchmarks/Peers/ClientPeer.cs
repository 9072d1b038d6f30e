namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>The client of this repository, with its default options.</summary>
internal sealed class ClientPeer : Peer
{
    private readonly ChatsClient _client;

    private ClientPeer(ChatsClient client) => _client = client;

    /// <summary>The client with its own connections, with a handler in their place.</summary>
    public static ClientPeer Own(HttpMessageHandler handler, Uri address) => new(ChatsClient.Over(handler, Options(address)));

    /// <summary>The client over the caller's HttpClient, whose timeout is turned off: the client has one.</summary>
    public static ClientPeer Borrowing(HttpMessageHandler handler, Uri address) =>
        new(new ChatsClient(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }, Options(address)));

    public override Task ReadAsync() => _client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) => _client.SendMessageToChatAsync(BusinessId, ChatId, text);

    public override string Describe(Task read) => Describe(((Task<ChatMessage>)read).Result);

    public override string Describe(Exception error) => Describe((ChatsApiException)error);

    public static string Describe(ChatMessage message) => Description.Message(
        message.MessageId,
        message.CreatedAt,
        message.Sender,
        message.Message,
        (message.Payload ?? []).Select(file => (file.Name, file.Url, (int)file.Size)));

    public static string Describe(ChatsApiException error) =>
        Description.Error(error.StatusCode, error.Errors.Select(one => (one.Code, one.Message)));

    private static ChatsClientOptions Options(Uri address) => new() { ApiKey = Key, BaseAddress = address };
}
