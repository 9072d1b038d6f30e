namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>
/// The client of this repository, with its default options, over an HttpClient like the one that it makes for itself: its own
/// deadline takes the place of that of HttpClient.
/// </summary>
internal sealed class ClientPeer(HttpMessageHandler handler, Uri address) : Peer
{
    private readonly ChatsClient _client = new(
        new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }, new ChatsClientOptions { ApiKey = Key, BaseAddress = address });

    public override Task ReadAsync() => _client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) => _client.SendMessageToChatAsync(BusinessId, ChatId, text);

    public override string Show(Task read)
    {
        var message = ((Task<ChatMessage>)read).Result;
        return Seen.Message(
            message.MessageId,
            message.CreatedAt,
            message.Sender,
            message.Message,
            (message.Payload ?? []).Select(file => (file.Name, file.Url, file.Size)));
    }

    public override string Show(Exception error)
    {
        var api = (ChatsApiException)error;
        return Seen.Error(api.StatusCode, api.Errors.Select(one => (one.Code, one.Message)));
    }
}
