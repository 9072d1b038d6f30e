using Stock.NewtonsoftJson;

namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>What NSwag generates from the contract with its own templates and defaults, for Newtonsoft.Json.</summary>
internal sealed class StockNewtonsoftPeer : Peer
{
    private readonly StockClient _client;

    public StockNewtonsoftPeer(HttpMessageHandler handler, Uri address)
    {
        var http = new HttpClient(handler);
        http.DefaultRequestHeaders.Add("Api-Key", Key);
        _client = new StockClient(http) { BaseUrl = address.AbsoluteUri };
    }

    public override Task ReadAsync() => _client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) =>
        _client.SendMessageToChatAsync(BusinessId, ChatId, new Stock.NewtonsoftJson.SendMessageToChatRequest { Message = text });

    public override string Describe(Task read)
    {
        var message = ((Task<Stock.NewtonsoftJson.GetChatMessageResponse>)read).Result.Result;
        return Description.Message(
            message.MessageId,
            message.CreatedAt,
            message.Sender,
            message.Message,
            (message.Payload ?? []).Select(file => (file.Name, file.Url, (int)file.Size)));
    }

    public override string Describe(Exception error)
    {
        var api = (ApiException<Stock.NewtonsoftJson.ErrorResponse>)error;
        return Description.Error(api.StatusCode, api.Result.Errors.Select(one => (one.Code, (string?)one.Message)));
    }
}
