using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>One attempt's permit, for the concurrent calls and for its quota.</summary>
internal sealed class QuotaLease(BusinessLimiter business, HourlyQuota quota, DateTimeOffset grantedAt) : RateLimitLease, IQuotaPermit
{
    private int _isDisposed;

    public override bool IsAcquired => true;

    public override IEnumerable<string> MetadataNames => [];

    public HourlyQuota Quota => quota;

    /// <summary>In local time.</summary>
    public DateTimeOffset GrantedAt => grantedAt;

    /// <summary>The end of the window it was granted in, in the service's time.</summary>
    public DateTimeOffset WindowEnd { get; } = quota.WindowEnd;

    /// <summary>Whether the attempt's outcome has been counted. Guarded by the lock of the limiter.</summary>
    public bool IsSettled { get; set; }

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = null;
        return false;
    }

    public void Responded(ChatsResponseInfo response) => business.End(this, response, wasSent: true, permits: 0);

    public void NotSent() => business.End(this, response: null, wasSent: false, permits: 0);

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            business.End(this, response: null, wasSent: true, permits: 1);
        }

        base.Dispose(disposing);
    }
}

/// <summary>No permit was available in time.</summary>
internal sealed class FailedLease(TimeSpan? retryAfter) : RateLimitLease
{
    public override bool IsAcquired => false;

    public override IEnumerable<string> MetadataNames => retryAfter is null ? [] : [MetadataName.RetryAfter.Name];

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
        return metadata is not null;
    }
}
