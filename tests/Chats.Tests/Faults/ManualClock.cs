namespace YandexMarket.Chats.Tests.Faults;

/// <summary>A clock that stands still until somebody moves it; what is due is called inside <see cref="Advance"/>.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private TimeSpan _passed;

    private static DateTimeOffset Start => new(2025, 11, 21, 10, 20, 30, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return Start + _passed;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>How many timers wait: a call that has ended must have taken its own away.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _alarms.Count(alarm => alarm.Due is not null);
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Assert.That(period, Is.EqualTo(Timeout.InfiniteTimeSpan), "This clock knows no repeated timers.");
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    public void Advance(TimeSpan time)
    {
        Alarm[] due;
        lock (_gate)
        {
            _passed += time;
            due = [.. _alarms.Where(alarm => alarm.Due <= _passed)];
            Array.ForEach(due, alarm => alarm.Due = null);
        }

        Array.ForEach(due, alarm => alarm.Ring());
    }

    private sealed class Alarm(ManualClock clock, Action ring) : ITimer
    {
        public TimeSpan? Due { get; set; }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._alarms.Remove(this);
                clock._alarms.Add(this);
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._passed + dueTime;
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._alarms.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
