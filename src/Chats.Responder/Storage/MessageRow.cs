namespace YandexMarket.Chats.Responder.Storage;

/// <summary>A notified message. Times are Unix milliseconds, which both databases compare in the same way.</summary>
internal sealed class MessageRow
{
    public long Id { get; init; }

    public long BusinessId { get; init; }

    public long ChatId { get; init; }

    public long MessageId { get; init; }

    public MessageState State { get; init; }

    /// <summary>When <see cref="State"/> was last set.</summary>
    public long ChangedAt { get; init; }

    /// <summary>False until it is known that a buyer wrote it: the notification does not name the sender.</summary>
    public bool IsFromCustomer { get; set; }

    /// <summary>The text of the reply, stored before it is sent.</summary>
    public string? ReplyText { get; set; }

    public long NextAttemptAt { get; init; }

    /// <summary>Failed attempts; the delay before a retry grows with them.</summary>
    public int Attempts { get; init; }

    /// <summary>Failures that a retry is not expected to fix, and expired leases. After too many, the message needs a human.</summary>
    public int Failures { get; init; }

    public string? LastFailure { get; init; }

    /// <summary>New in each claim, so that a worker whose message was taken over can change nothing.</summary>
    public Guid? LeaseToken { get; init; }

    public long LeaseUntil { get; init; }

    /// <summary>Committed immediately before a send; set to null if it is proved that nothing was sent.</summary>
    public long? SendStartedAt { get; init; }

    /// <summary>The shop's message in the chat that proves the send.</summary>
    public long? SentMessageId { get; init; }
}
