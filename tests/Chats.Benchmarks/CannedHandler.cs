using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>
/// The network without a network: takes the bytes of the request, as a connection would, and gives a fresh response over the same
/// bytes. It completes before it returns, so that a call runs on one thread from end to end.
/// </summary>
internal sealed class CannedHandler(int status, byte[] body) : HttpMessageHandler
{
    // A quota that no run uses up: otherwise Chats.Hosting would hold the calls back.
    private const string Quota = "2000000000";

    private static readonly string _date = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture);
    private static readonly string _until = DateTimeOffset.UtcNow.AddMinutes(55).ToString("R", CultureInfo.InvariantCulture);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = request.Content?.CopyToAsync(Stream.Null, cancellationToken) ?? Task.CompletedTask;
        return sent.IsCompletedSuccessfully ? Task.FromResult(Respond(request)) : RespondLaterAsync(sent, request);
    }

    private async Task<HttpResponseMessage> RespondLaterAsync(Task sent, HttpRequestMessage request)
    {
        await sent;
        return Respond(request);
    }

    private HttpResponseMessage Respond(HttpRequestMessage request)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new CannedContent(body), RequestMessage = request };
        // What the service documents, and what an ordinary web server adds; unparsed, as they come from a connection.
        var headers = response.Headers;
        headers.TryAddWithoutValidation("Server", "nginx");
        headers.TryAddWithoutValidation("Connection", "keep-alive");
        headers.TryAddWithoutValidation("Date", _date);
        headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        headers.TryAddWithoutValidation("X-RateLimit-Resource-Limit", Quota);
        headers.TryAddWithoutValidation("X-RateLimit-Resource-Remaining", Quota);
        headers.TryAddWithoutValidation("X-RateLimit-Resource-Until", _until);
        return response;
    }
}

/// <summary>The body of a response: a stream of its own for each, over bytes that all share.</summary>
internal sealed class CannedContent : HttpContent
{
    private static readonly MediaTypeHeaderValue _json = new("application/json");

    private readonly byte[] _body;

    public CannedContent(byte[] body)
    {
        _body = body;
        Headers.ContentType = _json;
        // A connection has read it to know where the response ends.
        Headers.ContentLength = body.Length;
    }

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => new MemoryStream(_body, writable: false);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(CreateContentReadStream(CancellationToken.None));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_body, 0, _body.Length, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
