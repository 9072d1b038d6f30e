namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>
/// The client of this repository, with its default options, over an HttpClient like the one that it makes for itself: its own
/// deadline takes the place of that of HttpClient.
/// </summary>
internal sealed class ClientPeer(HttpMessageHandler handler, Uri address) : Peer
{
    private readonly ChatsClient _client = new(
        handler, new ChatsClientOptions { ApiKey = Key, BaseAddress = address });

    public override Task ReadAsync() => _client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) => _client.SendMessageToChatAsync(BusinessId, ChatId, text);

    public override string Show(Task read) => Show(((Task<ChatMessage>)read).Result);

    public override string Show(Exception error) => Show((ChatsApiException)error);

    public static string Show(ChatMessage message) => Seen.Message(
        message.MessageId,
        message.CreatedAt,
        message.Sender,
        message.Message,
        (message.Payload ?? []).Select(file => (file.Name, file.Url, file.Size)));

    public static string Show(ChatsApiException error) =>
        Seen.Error(error.StatusCode, error.Errors.Select(one => (one.Code, one.Message)));
}
