using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>
/// HttpClient and source-generated System.Text.Json, as their documentation shows it: headers set once, the extension methods of
/// System.Net.Http.Json with the generated type information, and the response read while it arrives.
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

    public override string Describe(Task read) => ((Task<MessageDto>)read).Result.ToString();

    public override string Describe(Exception error) => ((DtoException)error).ToString();

    private async Task<MessageDto> GetAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(
            $"{_address}businesses/{businessId}/chats/message?chatId={chatId}&messageId={messageId}",
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken).ConfigureAwait(false);
        await ThrowIfErrorAsync(response, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadFromJsonAsync(DtoContext.Default.MessageResponseDto, cancellationToken).ConfigureAwait(false);
        return body?.Result ?? throw new InvalidDataException("The response has no message.");
    }

    private async Task PostAsync(long businessId, long chatId, string text, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync(
            $"{_address}businesses/{businessId}/chats/message?chatId={chatId}",
            new TextDto { Message = text },
            DtoContext.Default.TextDto,
            cancellationToken).ConfigureAwait(false);
        await ThrowIfErrorAsync(response, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadFromJsonAsync(DtoContext.Default.ResponseDto, cancellationToken).ConfigureAwait(false);
        if (body?.Status != "OK")
        {
            throw new InvalidDataException("The response is not OK.");
        }
    }

    private static async ValueTask ThrowIfErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new DtoException(
                (int)response.StatusCode,
                await response.Content.ReadFromJsonAsync(DtoContext.Default.ErrorResponseDto, cancellationToken).ConfigureAwait(false));
        }
    }
}
