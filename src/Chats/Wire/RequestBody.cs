using System.Net;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// The JSON body of one attempt, and whether its text may have been sent. It can be read once, so that nothing, such as a retry handler or a followed
/// redirect, can send the text again. The request carries it in its options too (<see cref="ChatsRequest.GetBody"/>), so that it also counts what is
/// sent by a request that a message handler clones, or in a body that it copies.
/// </summary>
internal sealed class RequestBody : HttpContent
{
    private const int Unread = 0;
    private const int Read = 1;
    private const int Sealed = 2;

    private readonly byte[] _utf8;
    private int _state;
    private int _passed;
    private int _lastStatus;
    private int _notRejected;
    private volatile bool _wasRepeated;
    private volatile bool _passedInOtherContent;

    public RequestBody(IJsonModel model)
        : this(ModelWriter.Write(model), isGuarded: false) =>
        // Known to be valid.
        Headers.TryAddWithoutValidation("Content-Type", "application/json");

    private RequestBody(byte[] utf8, bool isGuarded) => (_utf8, IsGuarded) = (utf8, isGuarded);

    /// <summary>Whether the bytes were read, or passed on inside a content that may still read them. Before that nothing can have been
    /// sent.</summary>
    public bool WasRead => Volatile.Read(ref _state) == Read || _passedInOtherContent;

    /// <summary>Whether HttpContent keeps the bytes in its buffer, and can send them again without asking this class.</summary>
    public bool WasBuffered { get; private set; }

    /// <summary>Whether something tried to send the text a second time and was stopped.</summary>
    public bool WasRepeated => _wasRepeated;

    /// <summary>Whether a <see cref="ChatsSendOnceHandler"/> at the end of the pipeline counts how often the text passes.</summary>
    public bool IsGuarded { get; private set; }

    /// <summary>The last pass of the text to the network; null before it.</summary>
    public Task? Sending { get; set; }

    /// <summary>
    /// Whether the service rejected the text each time it passed the <see cref="ChatsSendOnceHandler"/>. Only the statuses of the network count: a
    /// handler before it can turn any failure into any status.
    /// </summary>
    public bool WasRejected => Volatile.Read(ref _notRejected) == 0 && ChatsExceptionFactory.ProvesRejection(Volatile.Read(ref _lastStatus));

    /// <summary>
    /// An unread body with the same text, for the attempt after one that was rejected. A new object, because HttpContent may have buffered the
    /// bytes for a handler that read them, and would return that buffer without asking this class.
    /// </summary>
    public RequestBody CloneForRetry()
    {
        var clone = new RequestBody(_utf8, IsGuarded);
        foreach (var header in Headers)
        {
            clone.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return clone;
    }

    /// <summary>True only for the first reader. Atomic.</summary>
    public bool TryRead(bool isBuffering)
    {
        WasBuffered |= isBuffering;
        return Interlocked.CompareExchange(ref _state, Read, Unread) switch
        {
            Unread => true,
            // The call has ended: this is not a second send.
            Sealed => false,
            _ => Reject(),
        };
    }

    /// <summary>
    /// Nobody can read the bytes from now on: a handler that abandoned its request must not send them after the exception said that nothing was sent.
    /// </summary>
    public void Seal() => Interlocked.CompareExchange(ref _state, Sealed, Unread);

    /// <summary>
    /// Called by the last handler before the network, with the content of its request: true if that may pass. This body, while it is unread, protects
    /// itself; anything else, such as a copy, passes once.
    /// </summary>
    public bool TryPass(HttpContent? content)
    {
        IsGuarded = true;
        var isUnread = !WasRead && ReferenceEquals(content, this);
        if (!isUnread)
        {
            // Something other than our body is sent, a copy or a content around it: from here on the text may have been accepted.
            _passedInOtherContent = true;
        }

        if (Interlocked.Exchange(ref _passed, 1) != 0 && !isUnread)
        {
            return Reject();
        }

        Interlocked.Increment(ref _notRejected);
        return true;
    }

    /// <summary>
    /// Called when a pass has ended, with the status that the network returned, 0 for none. A text that was read and not rejected may have been
    /// accepted, whatever another pass returns.
    /// </summary>
    public void EndPass(int status)
    {
        if (status != 0)
        {
            Volatile.Write(ref _lastStatus, status);
        }

        if (!WasRead || ChatsExceptionFactory.ProvesRejection(status))
        {
            Interlocked.Decrement(ref _notRejected);
        }
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
        if (!TryRead(isBuffering: stream.GetType().DeclaringType == typeof(HttpContent)))
        {
            throw new SecondSendException();
        }

#if NET
        await stream.WriteAsync(_utf8, cancellationToken).ConfigureAwait(false);
#else
        await stream.WriteAsync(_utf8, 0, _utf8.Length, cancellationToken).ConfigureAwait(false);
#endif
    }

    private bool Reject()
    {
        _wasRepeated = true;
        return false;
    }
}

/// <summary>Says why a send cannot be retried. Handlers and HttpContent see it as a network failure.</summary>
internal sealed class SecondSendException() : IOException(
    "This message was sent before, and the service may have accepted it: sending it again could reach the buyer twice.");
