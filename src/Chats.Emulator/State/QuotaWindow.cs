namespace YandexMarket.Chats.Emulator;

/// <summary>The quota of one operation of one business: a fixed window that starts on each full hour.</summary>
internal sealed class QuotaWindow(int limit, TimeSpan period, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private long _hour;
    private int _used;

    /// <summary>Counts calls, at most up to the limit, and returns whether there was any quota left.</summary>
    public bool TryUse(int calls, out QuotaState state)
    {
        lock (_gate)
        {
            var remaining = Read().Remaining;
            _used += Math.Min(calls, remaining);
            state = Read();
            return remaining > 0;
        }
    }

    public QuotaState Read()
    {
        lock (_gate)
        {
            var hour = clock.GetUtcNow().UtcTicks / period.Ticks;
            if (hour != _hour)
            {
                (_hour, _used) = (hour, 0);
            }

            return new(limit, limit - _used, new DateTimeOffset((hour + 1) * period.Ticks, TimeSpan.Zero));
        }
    }
}

/// <summary>The values of the three X-RateLimit-Resource headers.</summary>
internal readonly record struct QuotaState(int Limit, int Remaining, DateTimeOffset Until);
