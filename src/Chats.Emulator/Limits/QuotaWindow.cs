namespace YandexMarket.Chats.Emulator;

/// <summary>The quota of one operation of one business: a fixed window that begins with every full hour of the clock.</summary>
internal sealed class QuotaWindow(int limit, TimeSpan period, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private long _hour;
    private int _used;

    public int Limit => limit;

    public bool TryUse(out QuotaState state)
    {
        lock (_gate)
        {
            Turn();
            var allowed = _used < limit;
            if (allowed)
            {
                _used++;
            }

            state = State();
            return allowed;
        }
    }

    public QuotaState Use(int calls)
    {
        lock (_gate)
        {
            Turn();
            _used = (int)Math.Min(limit, (long)_used + calls);
            return State();
        }
    }

    /// <summary>Gives a used call back, unless its hour is over: then there is nothing to give back.</summary>
    public QuotaState GiveBack(QuotaState used)
    {
        lock (_gate)
        {
            Turn();
            if (used.Until == State().Until && _used > 0)
            {
                _used--;
            }

            return State();
        }
    }

    public QuotaState Read()
    {
        lock (_gate)
        {
            Turn();
            return State();
        }
    }

    private void Turn()
    {
        var hour = clock.GetUtcNow().UtcTicks / period.Ticks;
        if (hour != _hour)
        {
            _hour = hour;
            _used = 0;
        }
    }

    private QuotaState State() => new(limit, limit - _used, new DateTimeOffset((_hour + 1) * period.Ticks, TimeSpan.Zero));
}
