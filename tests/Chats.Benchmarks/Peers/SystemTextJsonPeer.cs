using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>
/// HttpClient and source-generated System.Text.Json, as their documentation writes it: headers set once, the extension methods of
/// System.Net.Http.Json with the generated type information, and the answer read while it comes.
/// </summary>
internal sealed class SystemTextJsonPeer : Peer
{
    private readonly HttpClient _http;
    private readonly string _address;

    public SystemTextJsonPeer(HttpMessageHandler handler, Uri address)
    {
        _http = new HttpClient(handler);
        _address = address.AbsoluteUri;
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _http.DefaultRequestHeaders.Add("Api-Key", Key);
    }

    public override Task ReadAsync() => GetAsync(BusinessId, ChatId, MessageId, CancellationToken.None);

    public override Task SendAsync(string text) => PostAsync(BusinessId, ChatId, text, CancellationToken.None);

    public override string Show(Task read) => ((Task<MessageDto>)read).Result.ToString();

    public override string Show(Exception error) => ((DtoException)error).ToString();

    private async Task<MessageDto> GetAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(
            $"{_address}businesses/{businessId}/chats/message?chatId={chatId}&messageId={messageId}",
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken).ConfigureAwait(false);
        await ThrowIfErrorAsync(response, cancellationToken).ConfigureAwait(false);
        var answer = await response.Content.ReadFromJsonAsync(DtoContext.Default.ReadAnswerDto, cancellationToken).ConfigureAwait(false);
        return answer?.Result ?? throw new InvalidDataException("The answer holds no message.");
    }

    private async Task PostAsync(long businessId, long chatId, string text, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync(
            $"{_address}businesses/{businessId}/chats/message?chatId={chatId}",
            new TextDto { Message = text },
            DtoContext.Default.TextDto,
            cancellationToken).ConfigureAwait(false);
        await ThrowIfErrorAsync(response, cancellationToken).ConfigureAwait(false);
        var answer = await response.Content.ReadFromJsonAsync(DtoContext.Default.AnswerDto, cancellationToken).ConfigureAwait(false);
        if (answer?.Status != "OK")
        {
            throw new InvalidDataException("The answer is not OK.");
        }
    }

    private static async ValueTask ThrowIfErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new DtoException(
                (int)response.StatusCode,
                await response.Content.ReadFromJsonAsync(DtoContext.Default.ErrorAnswerDto, cancellationToken).ConfigureAwait(false));
        }
    }
}
