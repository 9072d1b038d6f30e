namespace YandexMarket.Chats.Redis;

/// <summary>
/// What this process may do of one business while Redis is away: its part of the limits, of which its own calls in this window are taken
/// off, and no more than its part of what Redis or the service last said is left.
/// </summary>
internal sealed class LocalShare(int replicas, TimeSpan window, TimeProvider clock)
{
    /// <summary>After a 420 of the parallel limit: nothing says for how long the others need the places.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Hour> _hours = [];
    private DateTimeOffset _pausedUntil;

    private sealed class Hour
    {
        public long Window { get; set; }

        public int Budget { get; set; }

        public DateTimeOffset ClosedUntil { get; set; }
    }

    public int AtOnce { get; } = Math.Max(1, RedisLimiter.AtOnce / replicas);

    /// <summary>A call that Redis has granted, and what it said is left.</summary>
    public void Granted(ChatsOperation operation, int remaining)
    {
        lock (_gate)
        {
            var hour = HourOf(operation, clock.GetUtcNow());
            hour.Budget = Math.Min(hour.Budget - 1, remaining / replicas);
        }
    }

    /// <summary>Takes a place without Redis.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="running">How many calls of this process are under way.</param>
    /// <param name="wait">How long until there can be room; null if only calls under way stand in the way.</param>
    /// <returns>Whether the call may be made.</returns>
    public bool TryTake(ChatsOperation operation, int running, out TimeSpan? wait)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var hour = HourOf(operation, now);
            var until = hour.ClosedUntil > _pausedUntil ? hour.ClosedUntil : _pausedUntil;
            if (hour.Budget <= 0)
            {
                until = EndOf(hour);
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

    /// <summary>The response to a call, whoever granted it.</summary>
    public void Responded(ChatsResponseInfo response)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var hour = HourOf(response.Operation, now);
            if (response is { StatusCode: 420 or 429, Limit: ChatsLimitKind.Hourly })
            {
                hour.ClosedUntil = response.RetryAfter is { } wait ? now + wait : EndOf(hour);
            }
            else if (response.StatusCode is 420 or 429)
            {
                _pausedUntil = now + _pause;
            }
            else if (response.RateLimit is { Remaining: { } left and >= 0 })
            {
                hour.Budget = Math.Min(hour.Budget, left / replicas);
            }
        }
    }

    private DateTimeOffset EndOf(Hour hour) => new((hour.Window + 1) * window.Ticks, TimeSpan.Zero);

    private Hour HourOf(ChatsOperation operation, DateTimeOffset now)
    {
        if (!_hours.TryGetValue(operation.Id, out var hour))
        {
            _hours.Add(operation.Id, hour = new Hour());
        }

        var current = now.UtcTicks / window.Ticks;
        if (hour.Window != current)
        {
            (hour.Window, hour.Budget) = (current, Math.Max(1, operation.QuotaPerHour / replicas));
        }

        return hour;
    }
}
