namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>
/// A clock that a test moves from one timer to the next. What waits for a timer goes on inside <see cref="Advance"/>, on the one thread of
/// the test, so that a run is the same every time.
/// </summary>
internal sealed class VirtualClock(DateTimeOffset now) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<VirtualTimer> _due = new(Comparer<VirtualTimer>.Create(
        static (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Order.CompareTo(b.Order)));

    private DateTimeOffset _now = now;
    private long _order;

    public VirtualClock()
        : this(new DateTimeOffset(2025, 11, 21, 10, 20, 30, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>How many timers wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _due.Count;
            }
        }
    }

    public void Advance(TimeSpan time) => RunUntil(GetUtcNow() + time);

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

    /// <summary>Like Task.Delay, which however goes on elsewhere when it is cancelled.</summary>
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

    /// <summary>A context, as test runners have one, would send what waits to other threads.</summary>
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

    private Action? TakeDue(DateTimeOffset target)
    {
        lock (_gate)
        {
            if (_due.Min is not { } next || next.Due > target)
            {
                return null;
            }

            _due.Remove(next);
            _now = next.Due > _now ? next.Due : _now;
            return next.Callback;
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, Action callback) : ITimer
    {
        public Action Callback => callback;

        public DateTimeOffset Due { get; private set; }

        public long Order { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period > TimeSpan.Zero)
            {
                throw new NotSupportedException("Nothing here needs a timer that repeats itself.");
            }

            lock (clock._gate)
            {
                clock._due.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._now + dueTime;
                    Order = clock._order++;
                    clock._due.Add(this);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._due.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
