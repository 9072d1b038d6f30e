namespace YandexMarket.Chats.Testing;

/// <summary>
/// A clock that stands still until a test moves it, from one timer to the next. What waits for a timer continues inside <see cref="Advance"/>, on
/// the thread of the test, so that a run is the same every time.
/// </summary>
internal sealed class ManualClock(DateTimeOffset now) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _due = new(Comparer<ManualTimer>.Create(
        static (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Order.CompareTo(b.Order)));

    private DateTimeOffset _now = now;
    private long _order;

    /// <summary>10:20:30 on 21 November 2025, UTC: in the middle of an hour, of a minute and of a second.</summary>
    public ManualClock()
        : this(new DateTimeOffset(2025, 11, 21, 10, 20, 30, 400, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Locked(() => _now);

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>When the next timer is due, or null if there is none.</summary>
    public DateTimeOffset? NextDue => Locked(() => _due.Min?.Due);

    /// <summary>The number of pending timers: a call that has ended must have removed its own.</summary>
    public int Waiting => Locked(() => _due.Count);

    public void Advance(TimeSpan time) => RunUntil(GetUtcNow() + time);

    /// <summary>Moves the time and fires no timer: they are late, as on a machine that slept or is very busy.</summary>
    public void Skip(TimeSpan time)
    {
        lock (_gate)
        {
            _now += time;
        }
    }

    public void RunUntil(DateTimeOffset target)
    {
        while (TakeDue(target) is { } callback)
        {
            Run(callback);
        }

        lock (_gate)
        {
            _now = target > _now ? target : _now;
        }
    }

    /// <summary>Runs from timer to timer while the condition holds and any timer waits.</summary>
    public void RunWhile(Func<bool> condition)
    {
        while (condition() && TakeDue(DateTimeOffset.MaxValue) is { } callback)
        {
            Run(callback);
        }
    }

    public void At(DateTimeOffset time, Action action)
    {
        var wait = time - GetUtcNow();
        CreateTimer(_ => action(), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Like Task.Delay, which however continues on another thread when it is canceled.</summary>
    public async Task DelayAsync(int milliseconds, CancellationToken cancellationToken)
    {
        if (milliseconds != 0)
        {
            var delay = new TaskCompletionSource();
            await using var timer = CreateTimer(
                _ => delay.TrySetResult(), null, TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
            await using var registration = cancellationToken.Register(() => delay.TrySetCanceled(cancellationToken));
            await delay.Task;
        }
    }

    /// <summary>What an action throws, or null; the clock runs until it has ended.</summary>
    public async Task<Exception?> FailureOfAsync(Func<Task> action)
    {
        var running = Task.CompletedTask;
        Run(() => running = action());
        RunWhile(() => !running.IsCompleted);
        try
        {
            await running;
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>Without a synchronization context: one such as a test runner's would send what waits to other threads.</summary>
    public static void Run(Action action)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private Action? TakeDue(DateTimeOffset target)
    {
        lock (_gate)
        {
            if (_due.Min is not { } next || next.Due > target)
            {
                return null;
            }

            _now = next.Due > _now ? next.Due : _now;
            next.Set(next.Period);
            return next.Callback;
        }
    }

    private sealed class ManualTimer(ManualClock clock, Action callback) : ITimer
    {
        public Action Callback => callback;

        public DateTimeOffset Due { get; private set; }

        public long Order { get; private set; }

        public TimeSpan? Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                // As the clock of the system has it.
                ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
                Period = period > TimeSpan.Zero ? period : null;
                Set(dueTime == Timeout.InfiniteTimeSpan ? null : dueTime);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                Set(null);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        /// <summary>Sets when it fires, or removes it. The caller holds the lock.</summary>
        public void Set(TimeSpan? dueTime)
        {
            clock._due.Remove(this);
            if (dueTime is { } time)
            {
                (Due, Order) = (clock._now + time, clock._order++);
                clock._due.Add(this);
            }
        }
    }
}
