namespace YandexMarket.Chats.Benchmarks;

/// <summary>What NSwag makes of the contract with its own templates and defaults, for Newtonsoft.Json.</summary>
internal sealed class StockNewtonsoftPeer(HttpMessageHandler handler, Uri address) : StockPeer
{
    private readonly Stock.NewtonsoftJson.StockClient _client = new(WithKey(handler)) { BaseUrl = address.AbsoluteUri };

    public override Task ReadAsync() => _client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) =>
        _client.SendMessageToChatAsync(BusinessId, ChatId, new Stock.NewtonsoftJson.SendMessageToChatRequest { Message = text });
}

/// <summary>The same for System.Text.Json.</summary>
internal sealed class StockSystemTextJsonPeer(HttpMessageHandler handler, Uri address) : StockPeer
{
    private readonly Stock.SystemTextJson.StockClient _client = new(WithKey(handler)) { BaseUrl = address.AbsoluteUri };

    public override Task ReadAsync() => _client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) =>
        _client.SendMessageToChatAsync(BusinessId, ChatId, new Stock.SystemTextJson.SendMessageToChatRequest { Message = text });
}

internal abstract class StockPeer : Peer
{
    protected override dynamic MessageOf(dynamic read) => read.Result.Result;

    protected override dynamic? ErrorsOf(dynamic error) => error.Result.Errors;

    protected static HttpClient WithKey(HttpMessageHandler handler)
    {
        var http = new HttpClient(handler);
        http.DefaultRequestHeaders.Add("Api-Key", Key);
        return http;
    }
}
