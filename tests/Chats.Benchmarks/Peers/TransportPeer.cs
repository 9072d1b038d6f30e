using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>
/// The lower bound: HttpClient transfers the bytes, and nothing reads them. Of an error it gives the status.
/// </summary>
internal sealed class TransportPeer : Peer
{
    private static readonly MediaTypeHeaderValue _json = new("application/json");

    private readonly HttpClient _http;
    private readonly string _address;

    public TransportPeer(HttpMessageHandler handler, Uri address)
    {
        _http = new HttpClient(handler);
        _address = address.AbsoluteUri;
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _http.DefaultRequestHeaders.Add("Api-Key", Key);
    }

    /// <summary>The JSON of the last text, created before the measurement.</summary>
    private (string Text, byte[] Json) _body = ("", []);

    public override Task ReadAsync() => CallAsync(
        HttpMethod.Get, $"{_address}businesses/{BusinessId}/chats/message?chatId={ChatId}&messageId={MessageId}", content: null);

    public override Task SendAsync(string text)
    {
        if (!ReferenceEquals(text, _body.Text))
        {
            _body = (text, Encoding.UTF8.GetBytes($"{{\"message\":\"{text}\"}}"));
        }

        var content = new ByteArrayContent(_body.Json);
        content.Headers.ContentType = _json;
        return CallAsync(HttpMethod.Post, $"{_address}businesses/{BusinessId}/chats/message?chatId={ChatId}", content);
    }

    public override string Describe(Task read) => ((Task<int>)read).Result.ToString(CultureInfo.InvariantCulture);

    public override string Describe(Exception error) => ((DtoException)error).ToString();

    private async Task<int> CallAsync(HttpMethod method, string url, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        using var stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        var total = 0;
        while (await stream.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var read)
        {
            total += read;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return response.IsSuccessStatusCode ? total : throw new DtoException((int)response.StatusCode, body: null);
    }
}
