namespace YandexMarket.Chats.Witnesses.Tests;

/// <summary>A business with one chat, and clients that reach it through Prism. Their clocks stand still.</summary>
internal sealed class Conversation : IDisposable
{
    public const long ChatId = 2;

    private static long _businesses;

    private readonly HttpClient _http;

    public Conversation()
    {
        _http = new HttpClient(Watch) { Timeout = Until.Timeout };
        Business = Witness.Emulator.AddBusiness(++_businesses);
        Chat = Business.AddChat(ChatId);
        Question = Chat.Receive("Where is my order?").Id;
    }

    public Watch Watch { get; } = new();

    public EmulatedBusiness Business { get; }

    public EmulatedChat Chat { get; }

    public long Question { get; }

    public IChatsClient Client(string key) => new ChatsClient(
        _http,
        new ChatsClientOptions { ApiKey = key, BaseAddress = Witness.Proxy.Address, TimeProvider = new ManualClock(), Integration = "witness/1.0" });

    public Task CallAsync(
        ChatsOperation operation, string key = Witness.TalkingKey, long? businessId = null, long? chatId = null, long? messageId = null) =>
        operation.IsRead
            ? Client(key).GetChatMessageAsync(businessId ?? Business.Id, chatId ?? ChatId, messageId ?? Question)
            : Client(key).SendMessageToChatAsync(businessId ?? Business.Id, chatId ?? ChatId, "It is on its way.");

    /// <summary>A request that the client refuses to make.</summary>
    public async Task<WatchedCall> RawAsync(HttpMethod method, string pathAndQuery, string? key, string? json)
    {
        using var request = new HttpRequestMessage(method, new Uri(Witness.Proxy.Address, pathAndQuery));
        request.Content = json is null ? null : new StringContent(json, null, "application/json");
        if (key is not null)
        {
            request.Headers.Add("Api-Key", key);
        }

        using var response = await _http.SendAsync(request);
        return Watch.Calls[^1];
    }

    public void Dispose() => _http.Dispose();
}
