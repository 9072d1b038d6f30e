namespace YandexMarket.Chats.Wire;

/// <summary>
/// Whether the text of one attempt may have been sent. It belongs to the attempt and not to one content object, so it also covers a request
/// that a message handler clones and a body that it copies.
/// </summary>
/// <param name="isGuarded">Whether an earlier attempt passed a <see cref="ChatsSendOnceHandler"/>.</param>
internal sealed class SendMark(bool isGuarded = false)
{
    private const int Unread = 0;
    private const int Read = 1;
    private const int Sealed = 2;

    private int _state;
    private int _passed;
    private int _lastStatus;
    private int _notRejected;
    private volatile bool _wasRepeated;
    private volatile bool _passedInOtherContent;

    /// <summary>Whether the bytes were read, or passed on inside a content that may still read them. Before that nothing can have been
    /// sent.</summary>
    public bool WasRead => Volatile.Read(ref _state) == Read || _passedInOtherContent;

    /// <summary>Whether the text was read into the buffer of its content, which can then be sent again without asking for the text.</summary>
    public bool WasBuffered { get; private set; }

    /// <summary>Whether something tried to send the text a second time and was stopped.</summary>
    public bool WasRepeated => _wasRepeated;

    /// <summary>Whether a <see cref="ChatsSendOnceHandler"/> at the end of the pipeline counts how often the text passes.</summary>
    public bool IsGuarded { get; private set; } = isGuarded;

    /// <summary>The last pass of the text to the network; null before it.</summary>
    public Task? Sending { get; set; }

    /// <summary>
    /// Whether the service rejected the text each time it passed the <see cref="ChatsSendOnceHandler"/>. Only the statuses of the network count: a
    /// handler before it can turn any failure into any status.
    /// </summary>
    public bool WasRejected => Volatile.Read(ref _notRejected) == 0 && ChatsExceptionFactory.ProvesRejection(Volatile.Read(ref _lastStatus));

    /// <summary>Called by the body: true only for the first reader. Atomic.</summary>
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
    /// Called by the last handler before the network: true if the text may pass. An unread body protects itself; anything else,
    /// such as a copy, passes once.
    /// </summary>
    public bool TryPass(bool isUnread)
    {
        IsGuarded = true;
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

    private bool Reject()
    {
        _wasRepeated = true;
        return false;
    }
}
