namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>What NSwag generates from the contract with its own templates and defaults: twice the same members, with types of their own.</summary>
internal abstract class StockPeer : Peer
{
    public override string Describe(Task read)
    {
        var message = ((dynamic)read).Result.Result;
        var files = ((IEnumerable<dynamic>?)message.Payload ?? []).Select(file => ((string)file.Name, (string)file.Url, (int)file.Size));
        return Description.Message((long)message.MessageId, (DateTimeOffset)message.CreatedAt, (object)message.Sender, (string?)message.Message, files);
    }

    public override string Describe(Exception error)
    {
        dynamic api = error;
        return Description.Error((int)api.StatusCode, ((IEnumerable<dynamic>)api.Result.Errors).Select(one => ((string)one.Code, (string?)one.Message)));
    }

    protected static HttpClient Connect(HttpMessageHandler handler) => new(handler) { DefaultRequestHeaders = { { "Api-Key", Key } } };
}

/// <summary>For Newtonsoft.Json.</summary>
internal sealed class StockNewtonsoftPeer(HttpMessageHandler handler, Uri address) : StockPeer
{
    private readonly Stock.NewtonsoftJson.StockClient _client = new(Connect(handler)) { BaseUrl = address.AbsoluteUri };

    public override Task ReadAsync() => _client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) => _client.SendMessageToChatAsync(BusinessId, ChatId, new() { Message = text });
}

/// <summary>For System.Text.Json.</summary>
internal sealed class StockSystemTextJsonPeer(HttpMessageHandler handler, Uri address) : StockPeer
{
    private readonly Stock.SystemTextJson.StockClient _client = new(Connect(handler)) { BaseUrl = address.AbsoluteUri };

    public override Task ReadAsync() => _client.GetChatMessageAsync(BusinessId, ChatId, MessageId);

    public override Task SendAsync(string text) => _client.SendMessageToChatAsync(BusinessId, ChatId, new() { Message = text });
}
