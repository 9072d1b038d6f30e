using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

internal sealed partial class BusinessLimiter
{
    public RateLimiterStatistics Statistics(ChatsCall call)
    {
        lock (_gate)
        {
            var quota = QuotaOf(call.Operation, call.KeyId, clock.GetUtcNow());
            return new RateLimiterStatistics
            {
                CurrentAvailablePermits = Math.Min(quota.Remaining, AtOnce - _running),
                CurrentQueuedCount = quota.Queued.Count,
            };
        }
    }

    public IReadOnlyList<RemainingQuota> Remaining(Uri baseAddress, long businessId)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            return [.. _quotas.Select(quota =>
            {
                quota.Advance(now);
                return new RemainingQuota(baseAddress, quota.KeyId, businessId, quota.Operation, quota.Limit, quota.Remaining);
            })];
        }
    }

    /// <summary>Retires this object if it holds nothing worth keeping. True for one caller only, who then removes it.</summary>
    public bool TryRetire()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_isRetired || _running > 0 || _pausedUntil > now || !_quotas.TrueForAll(quota => quota.IsFresh(now)))
            {
                return false;
            }

            _isRetired = true;
            _wakeUp?.Dispose();
            return true;
        }
    }

    private HourlyQuota QuotaOf(ChatsOperation operation, string keyId, DateTimeOffset now)
    {
        foreach (var quota in _quotas)
        {
            if (quota.Operation == operation && quota.KeyId == keyId)
            {
                quota.Advance(now);
                return quota;
            }
        }

        var added = new HourlyQuota(operation, keyId, quotaOf(operation), _service, now);
        _quotas.Add(added);
        return added;
    }

    /// <summary>
    /// Grants the available permits in order of arrival. The caller completes the returned waiters after it has left the lock. The time is read
    /// only if anyone waits.
    /// </summary>
    private List<QueuedAttempt>? ServeQueues(DateTimeOffset? now)
    {
        if (_waiting == 0)
        {
            return null;
        }

        List<QueuedAttempt>? moved = null;
        var time = now ?? clock.GetUtcNow();
        while (_running < AtOnce && time >= _pausedUntil && NextInLine(time) is { } next)
        {
            LeaveQueue(next, Take(next.Quota, time), ref moved);
        }

        foreach (var quota in _quotas)
        {
            RefuseUnservable(quota, time, ref moved);
        }

        SetWakeUp(time);
        return moved;
    }

    private QueuedAttempt? NextInLine(DateTimeOffset now)
    {
        if (_waiting == 0)
        {
            return null;
        }

        QueuedAttempt? next = null;
        foreach (var quota in _quotas)
        {
            quota.Advance(now);
            if (quota.Queued.First?.Value is { } first && quota.HasRoom(now) && !(next?.Order < first.Order))
            {
                next = first;
            }
        }

        return next;
    }

    /// <summary>An attempt that cannot be served in time is rejected now, not when its wait ends.</summary>
    private void RefuseUnservable(HourlyQuota quota, DateTimeOffset now, ref List<QueuedAttempt>? moved)
    {
        if (quota.TimeToRoom(now) is { } wait && wait > TimeSpan.Zero)
        {
            foreach (var waiter in quota.Queued.Where(waiter => wait > waiter.Expires - now).ToList())
            {
                LeaveQueue(waiter, new RefusedLease(wait), ref moved);
            }
        }
    }

    private void LeaveQueue(QueuedAttempt waiter, RateLimitLease lease, ref List<QueuedAttempt>? moved)
    {
        TakeOut(waiter);
        waiter.Lease = lease;
        (moved ??= []).Add(waiter);
    }

    private void TakeOut(QueuedAttempt waiter)
    {
        waiter.Quota.Queued.Remove(waiter.Place!);
        waiter.Place = null;
        _waiting--;
    }

    private static void Complete(List<QueuedAttempt>? moved)
    {
        if (moved is not null)
        {
            foreach (var waiter in moved)
            {
                waiter.Complete(waiter.Lease!);
            }
        }
    }

    /// <summary>A timer is needed where no call is in progress whose end would serve the queues.</summary>
    private void SetWakeUp(DateTimeOffset now)
    {
        TimeSpan? next = null;
        foreach (var quota in _quotas)
        {
            if (quota.Queued.Count > 0)
            {
                var wait = now < _pausedUntil ? _pausedUntil - now : quota.HasRoom(now) ? (TimeSpan?)null : quota.TimeToNextChance(now);
                next = wait < (next ?? TimeSpan.MaxValue) ? wait : next;
            }
        }

        if (next is null && _wakeUp is null)
        {
            return;
        }

        _wakeUp ??= clock.CreateTimer(static self => ((BusinessLimiter)self!).WakeUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Timers count whole milliseconds, and one that fires too early would find nothing changed.
        _wakeUp.Change(
            next is { } due ? TimeSpan.FromMilliseconds(Math.Min(Math.Max(1, Math.Ceiling(due.TotalMilliseconds)), int.MaxValue)) : Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    private void WakeUp()
    {
        List<QueuedAttempt>? moved;
        lock (_gate)
        {
            moved = ServeQueues(now: null);
        }

        Complete(moved);
    }
}
