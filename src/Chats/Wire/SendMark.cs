namespace YandexMarket.Chats.Wire;

/// <summary>
/// Whether the text of one attempt may have been sent. It belongs to the attempt and not to one content object, so that it also holds for a request
/// that a message handler clones and for a body that it copies.
/// </summary>
/// <param name="isGuarded">Whether an earlier attempt passed a handler that counts.</param>
internal sealed class SendMark(bool isGuarded = false)
{
    private int _read;
    private int _passed;
    private volatile bool _wasRepeated;

    /// <summary>Whether anybody asked for the bytes. Until then nothing can have been sent.</summary>
    public bool WasRead => Volatile.Read(ref _read) != 0;

    /// <summary>Whether something tried to send the text a second time and was refused.</summary>
    public bool WasRepeated => _wasRepeated;

    /// <summary>Whether a handler of ours at the end of the pipeline counts how often the text passes.</summary>
    public bool IsGuarded { get; private set; } = isGuarded;

    /// <summary>For the body: true for the first who asks for the bytes, in one atomic step.</summary>
    public bool TryRead() => Interlocked.Exchange(ref _read, 1) == 0 || Refuse();

    /// <summary>
    /// For the last handler before the network: true if the text may pass. An unread body gives its bytes only once by
    /// itself; whatever else is sent, a copy among them, passes once.
    /// </summary>
    public bool TryPass(bool isUnread)
    {
        IsGuarded = true;
        if (isUnread)
        {
            Volatile.Write(ref _passed, 1);
            return true;
        }

        // Something else than our body is sent: from here on it may have been taken.
        Volatile.Write(ref _read, 1);
        return Interlocked.Exchange(ref _passed, 1) == 0 || Refuse();
    }

    private bool Refuse()
    {
        _wasRepeated = true;
        return false;
    }
}
