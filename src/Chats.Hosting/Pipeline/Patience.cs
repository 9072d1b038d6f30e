namespace YandexMarket.Chats.Hosting;

/// <summary>A limit of time for a part of a call, joined with the token of the whole.</summary>
internal sealed class Patience : CancellationTokenSource
{
#if NET
    // One that has not fired is as good as new: a thread keeps its last one.
    [ThreadStatic]
    private static Patience? _spare;
#endif

    private CancellationTokenRegistration _whole;
    private ITimer? _timer;

    private Patience()
    {
    }

    public static Patience Start(TimeSpan time, TimeProvider clock, CancellationToken whole)
    {
        var patience = Take();
        if (clock == TimeProvider.System)
        {
            patience.CancelAfter(time);
        }
        else
        {
            patience._timer = clock.CreateTimer(static state => ((Patience)state!).End(), patience, time, Timeout.InfiniteTimeSpan);
        }

        patience._whole = whole.Register(static state => ((Patience)state!).End(), patience);
        return patience;
    }

    protected override void Dispose(bool disposing)
    {
        // Waits for a cancellation that is under way: after it, nobody but the timer can end this.
        _whole.Dispose();
#if NET
        if (_timer is null && TryReset())
        {
            _whole = default;
            _spare = this;
            return;
        }
#endif
        _timer?.Dispose();
        base.Dispose(disposing);
    }

#if NET
    private static Patience Take()
    {
        var patience = _spare ?? new Patience();
        _spare = null;
        return patience;
    }
#else
    private static Patience Take() => new();
#endif

    private void End()
    {
        try
        {
            Cancel();
        }
        catch (ObjectDisposedException)
        {
            // What it would have ended has ended.
        }
    }
}
