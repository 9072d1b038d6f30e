namespace YandexMarket.Chats.Wire;

/// <summary>
/// A timer that costs next to nothing to set and to turn off, which is all that happens to it in nearly every call. The timer underneath is
/// left running, and sees when it fires whether the time has come, is later by now, or was taken back.
/// </summary>
internal sealed class Alarm(TimeProvider clock, Action ring) : IDisposable
{
    private const long Off = long.MaxValue;
    private const long Rung = long.MinValue;

    private readonly bool _isSystemClock = clock == TimeProvider.System;
    private readonly long _origin = clock.GetTimestamp();
    private readonly object _timerLock = new();
    private ITimer? _timer;

    // When it rings: one word, so that whoever turns it off and the timer cannot both have been first.
    private long _time = Off;

    // When the timer fires, which is never later. Each side writes one of the two before it reads the other, so that one of them sees
    // what both of them did.
    private long _timerTime = Off;

    /// <summary>How long until it rings; the longest there is while it is off.</summary>
    public TimeSpan Left => Volatile.Read(ref _time) switch
    {
        Off => TimeSpan.MaxValue,
        Rung => TimeSpan.Zero,
        var time => TimeSpan.FromTicks(time - Now),
    };

    public bool HasRung => Volatile.Read(ref _time) == Rung;

    // Coarser than a time stamp and a tenth of its cost, in every call; what is left of the time matters in milliseconds at most.
    private long Now =>
#if NET
        _isSystemClock ? Environment.TickCount64 * TimeSpan.TicksPerMillisecond : clock.GetElapsedTime(_origin).Ticks;
#else
        clock.GetElapsedTime(_origin).Ticks;
#endif

    public void Set(TimeSpan left)
    {
        var time = left == Timeout.InfiniteTimeSpan ? Off : Now + left.Ticks;
        Interlocked.Exchange(ref _time, time);
        if (time < Volatile.Read(ref _timerTime))
        {
            StartTimer(time);
        }
    }

    /// <summary>False if it has rung, or is about to: then it cannot be set again.</summary>
    public bool TryTurnOff() => Interlocked.Exchange(ref _time, Off) != Rung;

    public void Dispose() => _timer?.Dispose();

    private void StartTimer(long time)
    {
        lock (_timerLock)
        {
            if (time < _timerTime)
            {
                Volatile.Write(ref _timerTime, time);
                // In whole milliseconds, as timers count: a part of one would be none.
                var left = Math.Ceiling(TimeSpan.FromTicks(time - Now).TotalMilliseconds);
                _timer ??= CreateTimer();
                _timer.Change(TimeSpan.FromMilliseconds(Math.Max(left, 0)), Timeout.InfiniteTimeSpan);
            }
        }
    }

    // Without the context of the call that happens to be the first.
    private ITimer CreateTimer()
    {
        using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        return clock.CreateTimer(static self => ((Alarm)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        long time;
        lock (_timerLock)
        {
            Interlocked.Exchange(ref _timerTime, Off);
            time = Volatile.Read(ref _time);
            if (time is Off or Rung)
            {
                return;
            }

            if (time > Now)
            {
                StartTimer(time);
                return;
            }
        }

        if (Interlocked.CompareExchange(ref _time, Rung, time) == time)
        {
            ring();
        }
    }
}
