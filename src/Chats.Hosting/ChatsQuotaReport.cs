namespace YandexMarket.Chats.Hosting;

/// <summary>What a response reported about the limits, for a limiter that learns from it.</summary>
public sealed class ChatsQuotaReport
{
    /// <summary>Describes a response.</summary>
    /// <param name="call">The attempt that got the response.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="rateLimit">What the headers reported, or null.</param>
    /// <param name="date">The service's clock when it responded, or null.</param>
    /// <param name="exceeded">For 420 and 429: the limit that was exceeded.</param>
    /// <exception cref="ArgumentNullException"><paramref name="call"/> is null.</exception>
    public ChatsQuotaReport(ChatsCall call, int statusCode, ChatsRateLimit? rateLimit, DateTimeOffset? date, ChatsLimitKind exceeded)
    {
        ArgumentNullException.ThrowIfNull(call);
        Call = call;
        StatusCode = statusCode;
        RateLimit = rateLimit;
        Date = date;
        Exceeded = exceeded;
    }

    /// <summary>The attempt that got the response.</summary>
    public ChatsCall Call { get; }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>What the headers reported about the quota; null if nothing.</summary>
    public ChatsRateLimit? RateLimit { get; }

    /// <summary>The service's clock when it responded, to the second; null if not reported.</summary>
    public DateTimeOffset? Date { get; }

    /// <summary>For 420 and 429: the limit that was exceeded, if the response says which.</summary>
    public ChatsLimitKind Exceeded { get; }
}
