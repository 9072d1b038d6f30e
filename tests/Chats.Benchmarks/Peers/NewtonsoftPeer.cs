using System.Net.Http.Headers;
using System.Text;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>
/// HttpClient and Newtonsoft.Json, as its performance tips show it: one serializer that reads from the stream of the response.
/// </summary>
internal sealed class NewtonsoftPeer : Peer
{
    private static readonly JsonSerializer _serializer = JsonSerializer.CreateDefault();

    private readonly HttpClient _http;
    private readonly string _address;

    public NewtonsoftPeer(HttpMessageHandler handler, Uri address)
    {
        _http = new HttpClient(handler);
        _address = address.AbsoluteUri;
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _http.DefaultRequestHeaders.Add("Api-Key", Key);
    }

    public override Task ReadAsync() => GetAsync(BusinessId, ChatId, MessageId, CancellationToken.None);

    public override Task SendAsync(string text) => PostAsync(BusinessId, ChatId, text, CancellationToken.None);

    public override string Describe(Task read) => ((Task<MessageDto>)read).Result.ToString();

    public override string Describe(Exception error) => ((DtoException)error).ToString();

    private async Task<MessageDto> GetAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(
            $"{_address}businesses/{businessId}/chats/message?chatId={chatId}&messageId={messageId}", cancellationToken).ConfigureAwait(false);
        var body = await ParseAsync<MessageResponseDto>(response, cancellationToken).ConfigureAwait(false);
        return body?.Result ?? throw new InvalidDataException("The response has no message.");
    }

    private async Task PostAsync(long businessId, long chatId, string text, CancellationToken cancellationToken)
    {
        using var content = new StringContent(JsonConvert.SerializeObject(new TextDto { Message = text }), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(
            $"{_address}businesses/{businessId}/chats/message?chatId={chatId}", content, cancellationToken).ConfigureAwait(false);
        var body = await ParseAsync<ResponseDto>(response, cancellationToken).ConfigureAwait(false);
        if (body?.Status != "OK")
        {
            throw new InvalidDataException("The response is not OK.");
        }
    }

    private static async Task<T?> ParseAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
        where T : ResponseDto
    {
        // The response is in memory by now, so nothing here waits for the network.
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var text = new StreamReader(stream);
        using var reader = new JsonTextReader(text);
        return response.IsSuccessStatusCode
            ? _serializer.Deserialize<T>(reader)
            : throw new DtoException((int)response.StatusCode, _serializer.Deserialize<ErrorResponseDto>(reader));
    }
}
