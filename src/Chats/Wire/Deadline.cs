namespace YandexMarket.Chats.Wire;

/// <summary>The one limit of time of a call, joined with the caller's token: it ends with whichever is first.</summary>
internal sealed class Deadline : CancellationTokenSource
{
#if NET
    // One that has not fired is as good as new: a thread keeps its last one for its next call.
    [ThreadStatic]
    private static Deadline? _spare;
#endif

    private CancellationToken _caller;
    private CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private TimeProvider _timeProvider = TimeProvider.System;
    private TimeSpan _timeout;
    private long _start;

    private Deadline()
    {
    }

    public bool IsOver => IsCancellationRequested;

    /// <summary>How much of the time is left; the longest there is, if there is no limit.</summary>
    public TimeSpan TimeLeft => _timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : _timeout - Elapsed;

#if NET
    private TimeSpan Elapsed => _timeProvider == TimeProvider.System
        ? TimeSpan.FromMilliseconds(Environment.TickCount64 - _start)
        : _timeProvider.GetElapsedTime(_start);
#else
    private TimeSpan Elapsed => _timeProvider.GetElapsedTime(_start);
#endif

    public bool CallerCanceled => _caller.IsCancellationRequested;

    public static Deadline Start(TimeSpan timeout, TimeProvider timeProvider, CancellationToken caller)
    {
        var deadline = Take();
        if (timeProvider == TimeProvider.System)
        {
            deadline.CancelAfter(timeout);
        }
        else
        {
            deadline._timer = timeProvider.CreateTimer(static state => ((Deadline)state!).End(), deadline, timeout, Timeout.InfiniteTimeSpan);
        }

        (deadline._timeProvider, deadline._timeout, deadline._start) = (timeProvider, timeout, Now(timeProvider));
        deadline._caller = caller;
        // Cheaper than a linked source, and nothing at all for a caller without a token.
        deadline._registration = caller.CanBeCanceled
            ? caller.Register(static state => ((Deadline)state!).Cancel(), deadline)
            : default;
        return deadline;
    }

    /// <summary>The caller's own cancellation, without what happened on the network because of it.</summary>
    public OperationCanceledException Canceled() => new(_caller);

    protected override void Dispose(bool disposing)
    {
        // Waits for a cancellation that is under way: after it, nobody but the timer can end this.
        _registration.Dispose();
#if NET
        if (_timer is null && TryReset())
        {
            (_caller, _registration) = (default, default);
            _spare = this;
            return;
        }
#endif
        _timer?.Dispose();
        base.Dispose(disposing);
    }

#if NET
    private static Deadline Take()
    {
        var deadline = _spare ?? new Deadline();
        _spare = null;
        return deadline;
    }

    // Coarser than a time stamp and a tenth of its cost, in every call; what is left of the time matters in milliseconds at most.
    private static long Now(TimeProvider timeProvider) =>
        timeProvider == TimeProvider.System ? Environment.TickCount64 : timeProvider.GetTimestamp();
#else
    private static Deadline Take() => new();

    private static long Now(TimeProvider timeProvider) => timeProvider.GetTimestamp();
#endif

    private void End()
    {
        try
        {
            Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended just before its time did.
        }
    }
}
