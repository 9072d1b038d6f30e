namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>What NSwag generates from the contract with its own templates and defaults, for Newtonsoft.Json.</summary>
internal sealed class StockNewtonsoftPeer(HttpMessageHandler handler, Uri address) : Peer
{
    private readonly Stock.NewtonsoftJson.StockClient _client = new(new HttpClient(handler) { DefaultRequestHeaders = { { "Api-Key", Key } } })
    {
        BaseUrl = address.AbsoluteUri,
    };

    public override Task ReadAsync() => _client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) =>
        _client.SendMessageToChatAsync(BusinessId, ChatId, new Stock.NewtonsoftJson.SendMessageToChatRequest { Message = text });
}

/// <summary>What NSwag generates from the contract with its own templates and defaults, for System.Text.Json.</summary>
internal sealed class StockSystemTextJsonPeer(HttpMessageHandler handler, Uri address) : Peer
{
    private readonly Stock.SystemTextJson.StockClient _client = new(new HttpClient(handler) { DefaultRequestHeaders = { { "Api-Key", Key } } })
    {
        BaseUrl = address.AbsoluteUri,
    };

    public override Task ReadAsync() => _client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) =>
        _client.SendMessageToChatAsync(BusinessId, ChatId, new Stock.SystemTextJson.SendMessageToChatRequest { Message = text });
}
