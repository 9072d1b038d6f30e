using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// The limits of one business at one service: so many at once over all operations and keys, and the quota of each operation for each key. Attempts are served first come, first served,
/// but none waits behind an operation whose quota is used up.
/// </summary>
internal sealed partial class BusinessLimiter(
    TimeProvider clock, Func<ChatsOperation, int> quotaOf, TaskCreationOptions completion)
{
    /// <summary>What the service documents for every business.</summary>
    private const int AtOnce = 4;

    /// <summary>After a 420 of the parallel limit: others use the same business, and nothing says for how long.</summary>
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

    /// <summary>A place, if there is one at once; null if not, or if this business was swept away.</summary>
    public QuotaLease? TryTake(ChatsOperation operation, string keyId)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            return _isRetired ? null : TryTake(QuotaOf(operation, keyId, now), now);
        }
    }

    /// <summary>A lease, a promise of one, or a refusal; null if this business was swept away and is to be looked up again.</summary>
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

            if (call.MaxWait <= TimeSpan.Zero || quota.CannotServeWithin(call.MaxWait, now))
            {
                return new(new RefusedLease(quota.TimeToRoom(now)));
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

    public void Settle(QuotaLease lease, ChatsResponseInfo response)
    {
        List<QueuedAttempt>? moved;
        lock (_gate)
        {
            if (lease.IsSettled)
            {
                return;
            }

            var now = clock.GetUtcNow();
            lease.IsSettled = true;
            lease.Quota.Settle(lease, response, now);
            if (response is { StatusCode: 420 or 429, Limit: not ChatsLimitKind.Hourly })
            {
                _pausedUntil = now + _pause;
            }

            moved = ServeQueues(now);
        }

        Complete(moved);
    }

    /// <summary>An attempt that certainly never left.</summary>
    public void Return(QuotaLease lease)
    {
        List<QueuedAttempt>? moved;
        lock (_gate)
        {
            if (lease.IsSettled)
            {
                return;
            }

            lease.IsSettled = true;
            lease.Quota.Return();
            moved = ServeQueues(now: null);
        }

        Complete(moved);
    }

    /// <summary>The call has read its response, or has failed.</summary>
    public void Release(QuotaLease lease)
    {
        List<QueuedAttempt>? moved;
        lock (_gate)
        {
            _running--;
            if (!lease.IsSettled)
            {
                lease.IsSettled = true;
                lease.Quota.EndWithoutResponse(clock.GetUtcNow());
            }

            moved = ServeQueues(now: null);
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
