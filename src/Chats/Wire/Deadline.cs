namespace YandexMarket.Chats.Wire;

/// <summary>The one limit of time of a call, joined with the caller's token: it ends with whichever is first.</summary>
internal sealed class Deadline : CancellationTokenSource
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenRegistration _registration;

#if NET
    public Deadline(TimeSpan timeout, TimeProvider timeProvider, CancellationToken caller)
        : base(timeout, timeProvider)
    {
#else
    private readonly ITimer _timer;

    public Deadline(TimeSpan timeout, TimeProvider timeProvider, CancellationToken caller)
    {
        _timer = timeProvider.CreateTimer(static deadline => ((Deadline)deadline!).End(), this, timeout, Timeout.InfiniteTimeSpan);
#endif
        _caller = caller;
        // Cheaper than a linked source, and nothing at all for a caller without a token.
        _registration = caller.CanBeCanceled
            ? caller.Register(static deadline => ((CancellationTokenSource)deadline!).Cancel(), this)
            : default;
    }

    public bool IsOver => IsCancellationRequested;

    public bool CallerCanceled => _caller.IsCancellationRequested;

    /// <summary>The caller's own cancellation, without what happened on the network because of it.</summary>
    public OperationCanceledException Canceled() => new(_caller);

    protected override void Dispose(bool disposing)
    {
        _registration.Dispose();
#if !NET
        _timer.Dispose();
#endif
        base.Dispose(disposing);
    }

#if !NET
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
#endif
}
