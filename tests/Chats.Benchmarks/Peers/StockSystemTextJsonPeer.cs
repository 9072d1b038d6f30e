using Stock.SystemTextJson;

namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>What NSwag generates from the contract with its own templates and defaults, for System.Text.Json.</summary>
internal sealed class StockSystemTextJsonPeer : Peer
{
    private readonly StockClient _client;

    public StockSystemTextJsonPeer(HttpMessageHandler handler, Uri address)
    {
        var http = new HttpClient(handler);
        http.DefaultRequestHeaders.Add("Api-Key", Key);
        _client = new StockClient(http) { BaseUrl = address.AbsoluteUri };
    }

    public override Task ReadAsync() => _client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) =>
        _client.SendMessageToChatAsync(BusinessId, ChatId, new Stock.SystemTextJson.SendMessageToChatRequest { Message = text });

    public override string Describe(Task read)
    {
        var message = ((Task<Stock.SystemTextJson.GetChatMessageResponse>)read).Result.Result;
        return Description.Message(
            message.MessageId,
            message.CreatedAt,
            message.Sender,
            message.Message,
            (message.Payload ?? []).Select(file => (file.Name, file.Url, (int)file.Size)));
    }

    public override string Describe(Exception error)
    {
        var api = (ApiException<Stock.SystemTextJson.ErrorResponse>)error;
        return Description.Error(api.StatusCode, api.Result.Errors.Select(one => (one.Code, (string?)one.Message)));
    }
}
