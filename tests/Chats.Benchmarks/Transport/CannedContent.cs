using System.Net.Http.Headers;

namespace YandexMarket.Chats.Benchmarks.Transport;

/// <summary>The body of a response: a stream of its own over shared bytes.</summary>
internal sealed class CannedContent : HttpContent
{
    private static readonly MediaTypeHeaderValue _json = new("application/json");

    private readonly byte[] _body;

    public CannedContent(byte[] body)
    {
        _body = body;
        Headers.ContentType = _json;
        // A connection reads it to find the end of the response.
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
