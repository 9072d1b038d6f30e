using System.Net;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// The JSON body of a request. It can be read once, so that nothing, such as a retry handler or a followed redirect, can send the text again.
/// </summary>
internal sealed class RequestBody : HttpContent
{
    private readonly byte[] _utf8;

    public RequestBody(IJsonModel model)
        : this(ModelWriter.Write(model), new SendMark()) =>
        // Known to be valid.
        Headers.TryAddWithoutValidation("Content-Type", "application/json");

    private RequestBody(byte[] utf8, SendMark mark)
    {
        _utf8 = utf8;
        Mark = mark;
    }

    public SendMark Mark { get; }

    /// <summary>
    /// The same body with a new mark, for the attempt after one that was rejected. A new object, because HttpContent may have buffered the
    /// bytes for a handler that read them, and would return that buffer without asking this class.
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
        // The buffers of HttpContent are types inside it.
        if (!Mark.TryRead(isBuffering: stream.GetType().DeclaringType == typeof(HttpContent)))
        {
            throw new SecondSendException();
        }

#if NET
        await stream.WriteAsync(_utf8, cancellationToken).ConfigureAwait(false);
#else
        await stream.WriteAsync(_utf8, 0, _utf8.Length, cancellationToken).ConfigureAwait(false);
#endif
    }
}

/// <summary>Says why a send cannot be retried. Handlers and HttpContent see it as a network failure.</summary>
internal sealed class SecondSendException() : IOException(
    "This message was sent before, and the service may have accepted it: sending it again could reach the buyer twice.");
