using System.Threading.RateLimiting;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.Redis;

/// <summary>The permit of one attempt: one of the parallel calls and one call of the quota.</summary>
internal sealed class RedisLease(RedisLimiter limiter, RedisBusiness business, ChatsCall call, string member, long grantedAt, long windowEnds)
    : RateLimitLease
{
    public override bool IsAcquired => true;

    public override IEnumerable<string> MetadataNames => [];

    public RedisBusiness Business => business;

    public ChatsCall Call => call;

    /// <summary>Its member in the set of permits in Redis.</summary>
    public string Member => member;

    /// <summary>In milliseconds, by the clock of Redis; zero for a call that Redis does not know.</summary>
    public long GrantedAt => grantedAt;

    /// <summary>The end of its window, by the service's clock; zero for a call that Redis does not know.</summary>
    public long WindowEnds => windowEnds;

    /// <summary>The service's response; null if there was none yet.</summary>
    public ChatsResponseInfo? Response { get; set; }

    /// <summary>Whether it is certain that the service did not receive the attempt.</summary>
    public bool WasNotSent { get; set; }

    /// <summary>The end of the window of the local share in which it was acquired.</summary>
    public DateTimeOffset LocalWindowEnds { get; } = business.Share?.WindowEnds ?? default;

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = null;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        limiter.End(this);
        base.Dispose(disposing);
    }
}

/// <summary>No permit was available in time, or Redis was unavailable.</summary>
internal sealed class FailedLease(TimeSpan? retryAfter, string? reason = null) : RateLimitLease
{
    public override bool IsAcquired => false;

    public override IEnumerable<string> MetadataNames => [MetadataName.RetryAfter.Name, MetadataName.ReasonPhrase.Name];

    /// <summary>Whether to reject the call at once, given the time that is left.</summary>
    public bool IsFinal(TimeSpan left) => left <= TimeSpan.Zero || retryAfter > left || reason is not null;

    /// <summary>How long until the next attempt; null if only calls in progress have to end.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter
            : metadataName == MetadataName.ReasonPhrase.Name ? reason
            : null;
        return metadata is not null;
    }
}
