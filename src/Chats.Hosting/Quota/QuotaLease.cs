using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>One attempt's place among those at once and in its quota.</summary>
internal sealed class QuotaLease(BusinessLimiter business, HourlyQuota quota, DateTimeOffset grantedAt) : RateLimitLease, IQuotaPlace
{
    private int _isDisposed;

    public override bool IsAcquired => true;

    public override IEnumerable<string> MetadataNames => [];

    public HourlyQuota Quota => quota;

    /// <summary>By the local clock.</summary>
    public DateTimeOffset GrantedAt => grantedAt;

    /// <summary>The window it was granted in, by the service's clock.</summary>
    public DateTimeOffset WindowEnd { get; } = quota.WindowEnd;

    /// <summary>Whether the attempt's outcome was counted. Guarded by the lock of the business.</summary>
    public bool IsSettled { get; set; }

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = null;
        return false;
    }

    public void Responded(ChatsResponseInfo response) => business.Settle(this, response);

    public void NotSent() => business.Return(this);

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            business.Release(this);
        }

        base.Dispose(disposing);
    }
}
