namespace YandexMarket.Chats.Emulator;

/// <summary>
/// One call as the emulator saw it: the request, the response, and what was truly taken. It holds no text of a message and no
/// whole key, so it can be logged.
/// </summary>
public sealed record RecordedRequest
{
    /// <summary>The call's number in the record, from 1, in the order in which the responses were decided.</summary>
    public long Number { get; internal set; }

    /// <summary>When the call arrived, on the emulator's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The HTTP method as it was sent.</summary>
    public required string Method { get; init; }

    /// <summary>The path without the query, cut after 200 characters.</summary>
    public required string Path { get; init; }

    /// <summary>The operation, or null if the call belongs to none (404 or 405).</summary>
    public EmulatedOperation? Operation { get; init; }

    /// <summary>The business of the path, if it could be read.</summary>
    public long? BusinessId { get; init; }

    /// <summary>The chat of the query, if the call got so far that it was read.</summary>
    public long? ChatId { get; init; }

    /// <summary>The message that a read asked for, if the call got so far that it was read.</summary>
    public long? MessageId { get; init; }

    /// <summary>The first characters of the key, at most four and at most a third of it; null if no key came.</summary>
    public string? KeyHint { get; init; }

    /// <summary>The fault that struck the call, or null.</summary>
    public ChatsFault? Fault { get; init; }

    /// <summary>
    /// The status of the response, or null if the caller got no status: the connection broke, stalled, or spoke no HTTP. After a stall
    /// that ends, the status that follows it; a caller who gave up before does not get it.
    /// </summary>
    public int? Status { get; init; }

    /// <summary>The code of the error in the response, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The text of the error in the response, or null. A rejected text, which the response itself quotes, is left out here.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The <c>traceparent</c> of the response, by which a caller's report can be found here.</summary>
    public required string TraceParent { get; init; }

    /// <summary>
    /// The number of the message that this call put into the chat, whatever the caller received; null if it put none there. This is the
    /// truth to compare a client's word with.
    /// </summary>
    public long? TakenMessageId { get; init; }

    /// <summary>Whether this call put a message into the chat.</summary>
    public bool WasTaken => TakenMessageId is not null;
}
