using System.Diagnostics;
using System.Threading.RateLimiting;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.Redis;

/// <summary>One attempt's place among those at once and in its quota.</summary>
internal sealed class RedisLease(RedisLimiter limiter, RedisBusiness business, ChatsCall call, string member, long grantedAt, long windowEnds)
    : RateLimitLease
{
    private int _isDisposed;

    public override bool IsAcquired => true;

    public override IEnumerable<string> MetadataNames => [];

    public RedisBusiness Business => business;

    public ChatsCall Call => call;

    /// <summary>Its name among the places of the business.</summary>
    public string Member => member;

    /// <summary>By the clock of Redis, in milliseconds; zero for a call that Redis does not know.</summary>
    public long GrantedAt => grantedAt;

    /// <summary>The end of the window that it was granted in, by the service's clock; zero for a call that Redis does not know.</summary>
    public long WindowEnds => windowEnds;

    /// <summary>When its place was last taken or renewed, by the system's timestamps.</summary>
    public long RenewedAt { get; set; } = Stopwatch.GetTimestamp();

    /// <summary>What the service said; null until it has.</summary>
    public ChatsResponseInfo? Response { get; set; }

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = null;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            limiter.End(this);
        }

        base.Dispose(disposing);
    }
}
