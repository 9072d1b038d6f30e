namespace YandexMarket.Chats.Emulator;

/// <summary>One attempt to deliver a notification.</summary>
public sealed record NotificationAttempt
{
    /// <summary>When the attempt ended, on the emulator's clock.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The <c>notificationType</c>: CHAT_MESSAGE_SENT, CHAT_CREATED, CHAT_ARBITRAGE_STARTED, CHAT_ARBITRAGE_FINISHED or PING.</summary>
    public required string Type { get; init; }

    /// <summary>The chat of the notification; null for a PING.</summary>
    public EmulatedChat? Chat { get; init; }

    /// <summary>The message of a CHAT_MESSAGE_SENT; null for other types.</summary>
    public EmulatedMessage? Message { get; init; }

    /// <summary>The number of the attempt for this notification, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>
    /// Whether the response was 200 with a JSON object that has <c>version</c>, <c>name</c> and <c>time</c>. Otherwise the notification is
    /// sent again, unless the status is 400 or it is a PING.
    /// </summary>
    public bool IsAccepted => Problem is null;

    /// <summary>How long the attempt took, on the emulator's clock.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The receiver's status, or null without a response.</summary>
    public int? Status { get; init; }

    /// <summary>
    /// The problem, as in the vendor's table (CANT_CONNECT stands for its three connection problems): CANT_CONNECT, READ_TIMED_OUT, HTTP,
    /// UNSUPPORTED_MEDIA_TYPE, CANT_PARSE_RESPONSE, INVALID_DATA. Null if it was accepted.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>The body of the receiver's response, its first 1000 characters; null without a response.</summary>
    public string? Response { get; init; }
}
