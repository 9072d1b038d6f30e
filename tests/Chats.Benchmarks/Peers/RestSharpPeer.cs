using System.Text.Json;
using RestSharp;

namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>RestSharp, as its documentation shows it.</summary>
internal sealed class RestSharpPeer : Peer
{
    private readonly RestClient _client;

    public RestSharpPeer(HttpMessageHandler handler, Uri address)
    {
        _client = new RestClient(new HttpClient(handler), new RestClientOptions(address));
        _client.AddDefaultHeader("Api-Key", Key);
        _client.AcceptedContentTypes = ["application/json"];
    }

    public override Task ReadAsync() => GetAsync(BusinessId, ChatId, MessageId, CancellationToken.None);

    public override Task SendAsync(string text) => PostAsync(BusinessId, ChatId, text, CancellationToken.None);

    public override string Describe(Task read) => ((Task<MessageDto>)read).Result.ToString();

    public override string Describe(Exception error) => ((DtoException)error).ToString();

    private async Task<MessageDto> GetAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken)
    {
        var request = new RestRequest("businesses/{businessId}/chats/message")
            .AddUrlSegment("businessId", businessId)
            .AddQueryParameter("chatId", chatId)
            .AddQueryParameter("messageId", messageId);
        var response = await _client.ExecuteGetAsync<MessageResponseDto>(request, cancellationToken).ConfigureAwait(false);
        return Parse(response)?.Result ?? throw new InvalidDataException("The response has no message.");
    }

    private async Task PostAsync(long businessId, long chatId, string text, CancellationToken cancellationToken)
    {
        var request = new RestRequest("businesses/{businessId}/chats/message")
            .AddUrlSegment("businessId", businessId)
            .AddQueryParameter("chatId", chatId)
            .AddJsonBody(new TextDto { Message = text });
        var response = await _client.ExecutePostAsync<ResponseDto>(request, cancellationToken).ConfigureAwait(false);
        if (Parse(response)?.Status != "OK")
        {
            throw new InvalidDataException("The response is not OK.");
        }
    }

    private static T? Parse<T>(RestResponse<T> response) =>
        response.IsSuccessful
            ? response.Data
            : throw new DtoException(
                (int)response.StatusCode, JsonSerializer.Deserialize<ErrorResponseDto>(response.Content ?? "null", JsonSerializerOptions.Web));
}
