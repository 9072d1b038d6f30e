namespace YandexMarket.Chats.Redis;

/// <summary>
/// The share of a business's limits that this process may use while Redis is unavailable: the limits divided by the replicas, minus its own calls in
/// this window, and no more than the same fraction of what Redis or the service last reported as remaining.
/// </summary>
internal sealed class LocalShare(int replicas, TimeSpan window, TimeProvider clock)
{
    /// <summary>The pause after a 420 of the parallel limit: it is unknown how long the other calls take.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Hour> _hours = [];
    private DateTimeOffset _pausedUntil;

    private sealed class Hour
    {
        public DateTimeOffset Ends { get; set; }

        public int Budget { get; set; }

        public DateTimeOffset ClosedUntil { get; set; }
    }

    public int AtOnce { get; } = Math.Max(1, RedisLimiter.AtOnce / replicas);

    public DateTimeOffset WindowEnds => GetWindowEnd(clock.GetUtcNow());

    /// <summary>Redis granted a call and reported the remaining quota of the window that ends then.</summary>
    public void Granted(ChatsOperation operation, int remaining, DateTimeOffset windowEnds)
    {
        lock (_gate)
        {
            var hour = GetHour(operation, clock.GetUtcNow());
            hour.Budget--;
            Correct(hour, remaining, windowEnds);
        }
    }

    /// <summary>Acquires a permit without Redis. A null wait means that only calls in progress have to end.</summary>
    public bool TryAcquire(ChatsOperation operation, int running, out TimeSpan? wait)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var hour = GetHour(operation, now);
            var until = hour.ClosedUntil > _pausedUntil ? hour.ClosedUntil : _pausedUntil;
            if (hour.Budget <= 0)
            {
                until = hour.Ends;
            }

            wait = until > now ? until - now : null;
            if (wait is not null || running >= AtOnce)
            {
                return false;
            }

            hour.Budget--;
            return true;
        }
    }

    /// <summary>A call acquired in the window that ends then was not sent.</summary>
    public void NotSent(ChatsOperation operation, DateTimeOffset windowEnds)
    {
        lock (_gate)
        {
            var hour = GetHour(operation, clock.GetUtcNow());
            hour.Budget += hour.Ends == windowEnds ? 1 : 0;
        }
    }

    /// <summary>A response arrived, to a call that Redis or this share granted.</summary>
    public void Responded(ChatsResponseInfo response)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var hour = GetHour(response.Operation, now);
            // A local clock that is ahead has begun the next hour before the service did.
            var served = response.Date ?? now;
            if (response is { StatusCode: 420 or 429, Limit: ChatsLimitKind.Hourly })
            {
                hour.ClosedUntil = now + (response.RetryAfter ?? GetWindowEnd(served) - served);
            }
            else if (response.StatusCode is 420 or 429)
            {
                _pausedUntil = now + _pause;
            }
            else if (response.RateLimit is { Remaining: { } remaining and >= 0 } quota)
            {
                Correct(hour, remaining, quota.ResetsAt ?? GetWindowEnd(served));
            }
        }
    }

    /// <summary>Ignores what was reported of an earlier window, because it would limit this one until its end.</summary>
    private void Correct(Hour hour, int remaining, DateTimeOffset windowEnds)
    {
        if (windowEnds > hour.Ends - window)
        {
            hour.Budget = Math.Min(hour.Budget, remaining / replicas);
        }
    }

    private DateTimeOffset GetWindowEnd(DateTimeOffset time) => new((time.UtcTicks / window.Ticks + 1) * window.Ticks, TimeSpan.Zero);

    private Hour GetHour(ChatsOperation operation, DateTimeOffset now)
    {
        if (!_hours.TryGetValue(operation.Id, out var hour))
        {
            _hours.Add(operation.Id, hour = new Hour());
        }

        var ends = GetWindowEnd(now);
        if (hour.Ends != ends)
        {
            (hour.Ends, hour.Budget) = (ends, Math.Max(1, operation.QuotaPerHour / replicas));
        }

        return hour;
    }
}
