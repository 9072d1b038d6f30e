using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// The limits of one business: concurrent calls over all operations and keys, and the hourly quota of each operation and key. Attempts are
/// served in order of arrival, but none waits behind an operation whose quota is used up.
/// </summary>
internal sealed partial class BusinessLimiter(
    TimeProvider clock, Func<ChatsOperation, int> quotaOf, TaskCreationOptions completion)
{
    /// <summary>The service's documented limit for a business.</summary>
    private const int AtOnce = 4;

    /// <summary>After a 420 for parallel requests: someone else is using the same business, for an unknown time.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

#if NET9_0_OR_GREATER
    private readonly Lock _gate = new();
#else
    private readonly object _gate = new();
#endif
    private readonly List<HourlyQuota> _quotas = [];
    private readonly ServiceClock _service = new();
    private DateTimeOffset _pausedUntil;
    private ITimer? _wakeUp;
    private int _running;
    private int _waiting;
    private long _order;
    private bool _isRetired;

    /// <summary>A lease, if one is available at once; null if not, or if this object was retired.</summary>
    public QuotaLease? TryTake(ChatsOperation operation, string keyId)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            return _isRetired ? null : TryTake(QuotaOf(operation, keyId, now), now);
        }
    }

    /// <summary>A granted, future or rejected lease; null if this object was retired and must be looked up again.</summary>
    public ValueTask<RateLimitLease>? TryAcquire(ChatsCall call, CancellationToken cancellationToken)
    {
        QueuedAttempt waiter;
        List<QueuedAttempt>? moved;
        lock (_gate)
        {
            if (_isRetired)
            {
                return null;
            }

            var now = clock.GetUtcNow();
            var quota = QuotaOf(call.Operation, call.KeyId, now);
            if (TryTake(quota, now) is { } lease)
            {
                return new(lease);
            }

            var wait = quota.TimeToRoom(now);
            if (call.MaxWait <= TimeSpan.Zero || wait > call.MaxWait)
            {
                return new(new RefusedLease(wait));
            }

            waiter = new QueuedAttempt(this, quota, _order++, now + call.MaxWait, completion);
            waiter.Place = quota.Queued.AddLast(waiter);
            _waiting++;
            moved = ServeQueues(now);
        }

        Complete(moved);
        waiter.Listen(clock, call.MaxWait, cancellationToken);
        return new(waiter.Task);
    }

    public bool TryLeaveQueue(QueuedAttempt waiter, out TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            retryAfter = waiter.Quota.TimeToRoom(clock.GetUtcNow());
            if (waiter.Place is null)
            {
                return false;
            }

            TakeOut(waiter);
            return true;
        }
    }

    /// <summary>For an attempt whose response has arrived, at least its head.</summary>
    public void Settle(QuotaLease lease, ChatsResponseInfo response) => End(lease, response, wasSent: true, permits: 0);

    /// <summary>For an attempt that was certainly not sent.</summary>
    public void Return(QuotaLease lease) => End(lease, response: null, wasSent: false, permits: 0);

    /// <summary>For a call that has read its response or has failed.</summary>
    public void Release(QuotaLease lease) => End(lease, response: null, wasSent: true, permits: 1);

    /// <summary>Counts the outcome of an attempt, only the first time, and serves those who wait.</summary>
    private void End(QuotaLease lease, ChatsResponseInfo? response, bool wasSent, int permits)
    {
        List<QueuedAttempt>? moved;
        lock (_gate)
        {
            _running -= permits;
            DateTimeOffset? now = lease.IsSettled ? null : clock.GetUtcNow();
            if (now is { } time)
            {
                lease.IsSettled = true;
                lease.Quota.Settle(lease, response, wasSent, time);
                if (response is { StatusCode: 420 or 429, Limit: not ChatsLimitKind.Hourly })
                {
                    _pausedUntil = time + _pause;
                }
            }

            moved = ServeQueues(now);
        }

        Complete(moved);
    }

    private QuotaLease? TryTake(HourlyQuota quota, DateTimeOffset now) =>
        _running < AtOnce && now >= _pausedUntil && quota.HasRoom(now) && NextInLine(now) is null ? Take(quota, now) : null;

    private QuotaLease Take(HourlyQuota quota, DateTimeOffset now)
    {
        _running++;
        quota.Take(now);
        return new QuotaLease(this, quota, now);
    }
}
