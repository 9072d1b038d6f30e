using System.Text.Json;
using RestSharp;

namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>RestSharp, as its documentation writes it.</summary>
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

    public override string Show(Task read) => ((Task<MessageDto>)read).Result.ToString();

    public override string Show(Exception error) => ((DtoException)error).ToString();

    private async Task<MessageDto> GetAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken)
    {
        var request = new RestRequest("businesses/{businessId}/chats/message")
            .AddUrlSegment("businessId", businessId)
            .AddQueryParameter("chatId", chatId)
            .AddQueryParameter("messageId", messageId);
        var response = await _client.ExecuteGetAsync<ReadAnswerDto>(request, cancellationToken).ConfigureAwait(false);
        return Understand(response)?.Result ?? throw new InvalidDataException("The answer holds no message.");
    }

    private async Task PostAsync(long businessId, long chatId, string text, CancellationToken cancellationToken)
    {
        var request = new RestRequest("businesses/{businessId}/chats/message")
            .AddUrlSegment("businessId", businessId)
            .AddQueryParameter("chatId", chatId)
            .AddJsonBody(new TextDto { Message = text });
        var response = await _client.ExecutePostAsync<AnswerDto>(request, cancellationToken).ConfigureAwait(false);
        if (Understand(response)?.Status != "OK")
        {
            throw new InvalidDataException("The answer is not OK.");
        }
    }

    private static T? Understand<T>(RestResponse<T> response) =>
        response.IsSuccessful
            ? response.Data
            : throw new DtoException(
                (int)response.StatusCode, JsonSerializer.Deserialize<ErrorAnswerDto>(response.Content ?? "null", JsonSerializerOptions.Web));
}
