using System.Net;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// The JSON of a request. It gives its bytes once: whatever retries a send, such as a retry handler or a redirect that is followed, finds
/// no text to send.
/// </summary>
internal sealed class RequestBody : HttpContent
{
    private readonly byte[] _utf8;

    public RequestBody(IJsonModel model)
        : this(ModelWriter.Write(model), new SendMark()) =>
        // Known to be valid, so it needs no validation.
        Headers.TryAddWithoutValidation("Content-Type", "application/json");

    private RequestBody(byte[] utf8, SendMark mark)
    {
        _utf8 = utf8;
        Mark = mark;
    }

    public SendMark Mark { get; }

    /// <summary>
    /// The same body with a mark of its own, for the attempt after one that was refused. HttpContent may hold a copy of this one's bytes
    /// for a handler that read them, and gives that copy to anyone who asks without telling us.
    /// </summary>
    public RequestBody CloneForRetry()
    {
        var clone = new RequestBody(_utf8, new SendMark(Mark.IsGuarded));
        foreach (var header in Headers)
        {
            clone.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return clone;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        WriteAsync(stream, CancellationToken.None);

#if NET
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        WriteAsync(stream, cancellationToken);
#endif

    protected override bool TryComputeLength(out long length)
    {
        length = _utf8.Length;
        return true;
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (!Mark.TryRead())
        {
            throw new RepeatedSendException();
        }

#if NET
        await stream.WriteAsync(_utf8, cancellationToken).ConfigureAwait(false);
#else
        await stream.WriteAsync(_utf8, 0, _utf8.Length, cancellationToken).ConfigureAwait(false);
#endif
    }
}

/// <summary>Explains to whatever retries a send why that does not work. Handlers and HttpContent take it for a network failure.</summary>
internal sealed class RepeatedSendException() : IOException(
    "This message was sent before, and the service may have taken it: sending it again could reach the buyer twice.");
