namespace YandexMarket.Chats.Responder.Storage;

/// <summary>A notified message. Times are milliseconds of the Unix epoch, which both databases compare alike.</summary>
internal sealed class MessageRow
{
    public long Id { get; init; }

    public long BusinessId { get; init; }

    public long ChatId { get; init; }

    public long MessageId { get; init; }

    public MessageState State { get; init; }

    /// <summary>When <see cref="State"/> was last set.</summary>
    public long ChangedAt { get; init; }

    /// <summary>False until it is known that a buyer wrote it: the notification does not say who did.</summary>
    public bool IsCustomers { get; init; }

    /// <summary>The text of the response, stored before it is sent.</summary>
    public string? Answer { get; init; }

    public long NextAttemptAt { get; init; }

    /// <summary>Attempts since the message was stored: the pause grows with them.</summary>
    public int Attempts { get; init; }

    /// <summary>Failures that a retry is not expected to fix, and expired leases. Too many need a human.</summary>
    public int Failures { get; init; }

    public string? LastFailure { get; init; }

    /// <summary>Made anew by each claim, so that a worker whose lease was taken over can change nothing.</summary>
    public Guid? LeaseToken { get; init; }

    public long LeaseUntil { get; init; }

    /// <summary>Committed immediately before a send; null again if it provably did not happen.</summary>
    public long? SendStartedAt { get; init; }

    /// <summary>The message in the chat that proves the send: the text as the service took it.</summary>
    public long? SentMessageId { get; init; }
}
