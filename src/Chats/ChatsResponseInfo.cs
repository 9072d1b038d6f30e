namespace YandexMarket.Chats;

/// <summary>The metadata of a response. It holds no key and no text.</summary>
/// <param name="operation">The operation.</param>
/// <param name="statusCode">The HTTP status.</param>
/// <param name="traceParent">The <c>traceparent</c> header, or null.</param>
/// <param name="rateLimit">The state of the quota, or null.</param>
/// <param name="date">The time of the response by the service's clock, or null.</param>
/// <param name="limit">For 420 and 429: the limit that was exceeded.</param>
/// <param name="retryAfter">How long to wait before the next call, or null.</param>
/// <exception cref="ArgumentNullException"><paramref name="operation"/> is null.</exception>
public sealed class ChatsResponseInfo(
    ChatsOperation operation,
    int statusCode,
    string? traceParent = null,
    ChatsRateLimit? rateLimit = null,
    DateTimeOffset? date = null,
    ChatsLimitKind limit = ChatsLimitKind.Unknown,
    TimeSpan? retryAfter = null)
{
    // Longer than any window of the service: a header that asks for more is wrong.
    private static readonly TimeSpan _maxWait = TimeSpan.FromDays(1);

    /// <summary>The operation.</summary>
    public ChatsOperation Operation { get; } = operation ?? throw new ArgumentNullException(nameof(operation));

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; } = statusCode;

    /// <summary>The <c>traceparent</c> header: the request id that the service's support asks for. Null if it was absent.</summary>
    public string? TraceParent { get; } = traceParent;

    /// <summary>The state of the quota. Null if the response has none.</summary>
    public ChatsRateLimit? RateLimit { get; } = rateLimit;

    /// <summary>The time of the response by the service's clock, in whole seconds. Null if the response has none.</summary>
    public DateTimeOffset? Date { get; } = date;

    /// <summary>For 420 and 429: the limit that was exceeded, if the body was read and names it.</summary>
    public ChatsLimitKind Limit { get; } = limit;

    /// <summary>How long the service asks to wait before the next call; zero if that time has passed. Null if it does
    /// not say, or says more than a day.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    internal static ChatsResponseInfo Of(ChatsOperation operation, HttpResponseMessage response, TimeProvider clock)
    {
        var rateLimit = ResponseHeaders.Read(response, out var date, out var traceParent);
        var info = new ChatsResponseInfo(operation, (int)response.StatusCode, traceParent, rateLimit, date);
        return response.IsSuccessStatusCode ? info : info.With(ChatsLimitKind.Unknown, response, clock);
    }

    internal ChatsResponseInfo With(ChatsLimitKind limit, HttpResponseMessage response, TimeProvider clock)
    {
        // A standard header, which this service does not send today.
        var asked = response.Headers.RetryAfter;
        // The hourly window does not say when one of the parallel requests will end.
        var until = asked?.Date ??
            (StatusCode is 420 or 429 && limit != ChatsLimitKind.Parallel && RateLimit is { Remaining: null or <= 0 } window ? window.ResetsAt : null);
        var wait = asked?.Delta ?? until - (Date ?? clock.GetUtcNow());
        return new(Operation, StatusCode, TraceParent, RateLimit, Date, limit, wait < TimeSpan.Zero ? TimeSpan.Zero : wait > _maxWait ? null : wait);
    }
}
