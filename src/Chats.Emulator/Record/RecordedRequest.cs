namespace YandexMarket.Chats.Emulator;

/// <summary>
/// A call as the emulator saw it: the request, the response, and the message it delivered. It contains no message text and no complete
/// key, so it can be logged.
/// </summary>
public sealed record RecordedRequest
{
    internal RecordedRequest()
    {
    }

    /// <summary>The number of the call, from 1, in the order in which the responses were decided.</summary>
    public long Number { get; internal set; }

    /// <summary>When the call was received, on the emulator's clock.</summary>
    public DateTimeOffset ReceivedAt { get; internal init; }

    /// <summary>The HTTP method as it was sent.</summary>
    public string Method { get; internal init; } = "";

    /// <summary>The path without the query, at most 200 characters.</summary>
    public string Path { get; internal init; } = "";

    /// <summary>The operation, or null for other paths and methods (404 or 405).</summary>
    public EmulatedOperation? Operation { get; internal init; }

    /// <summary>The business of the path, if it is valid.</summary>
    public long? BusinessId { get; internal init; }

    /// <summary>The chat of the query, or null if the call was rejected before it was read.</summary>
    public long? ChatId { get; internal set; }

    /// <summary>The message to read, or null if the call was rejected before it was read.</summary>
    public long? MessageId { get; internal set; }

    /// <summary>The first characters of the key, at most four and at most a third of it; null without a key.</summary>
    public string? KeyHint { get; internal init; }

    /// <summary>The fault that was applied to the call, or null.</summary>
    public ChatsFault? Fault { get; internal set; }

    /// <summary>
    /// The status of the response, or null if no status was sent: the connection broke or stalled, or the response was not HTTP. For a stall that
    /// ends it is the status sent afterwards, even if the caller disconnected before.
    /// </summary>
    public int? Status { get; internal set; }

    /// <summary>The code of the error in the response, or null.</summary>
    public string? ErrorCode { get; internal set; }

    /// <summary>The message of the error in the response, or null. A rejected text, which the response quotes, is left out here.</summary>
    public string? ErrorMessage { get; internal set; }

    /// <summary>The <c>traceparent</c> of the response, to match a caller's report with this call.</summary>
    public string TraceParent { get; internal init; } = "";

    /// <summary>The id of the message that this call added to the chat, whatever response the caller got; null if it added none.</summary>
    public long? DeliveredMessageId { get; internal set; }

    /// <summary>Whether this call added a message to the chat. Compare what a client reports with this.</summary>
    public bool WasDelivered => DeliveredMessageId is not null;
}
