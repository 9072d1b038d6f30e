namespace YandexMarket.Chats.Wire;

/// <summary>The timeout of a call, linked with the tokens that can end it earlier.</summary>
internal sealed class CallTimeout : IDisposable
{
    private readonly CancellationToken _client;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _callerRegistration;
    private readonly CancellationTokenRegistration _clientRegistration;
#if !NET
    private readonly ITimer? _timer;
#endif

    public CallTimeout(TimeSpan timeout, TimeProvider clock, CancellationToken caller, CancellationToken client = default)
    {
        (Length, Clock, CallerToken, _client) = (timeout, clock, caller, client);
        // Timers count whole milliseconds, and zero would cancel before the work begins.
        var due = timeout == Timeout.InfiniteTimeSpan ? timeout : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(timeout.TotalMilliseconds)));
#if NET
        _source = new CancellationTokenSource(due, clock);
#else
        // Microsoft.Bcl.TimeProvider has such a source, but does not dispose its timer with it.
        _source = new CancellationTokenSource();
        _timer = due == Timeout.InfiniteTimeSpan ? null
            : clock.CreateTimer(static source => Cancel((CancellationTokenSource)source!), _source, due, Timeout.InfiniteTimeSpan);
#endif
        Token = _source.Token;
        // Cheaper than a linked source, and free for a token that cannot be canceled.
        _callerRegistration = caller.Register(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        _clientRegistration = client.Register(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Canceled by the timeout, the caller or the client's Dispose, whichever comes first.</summary>
    public CancellationToken Token { get; }

    public bool IsOver => Token.IsCancellationRequested;

    public bool TimedOut => IsOver && !CallerCanceled && !ClientDisposed;

    public bool CallerCanceled => CallerToken.IsCancellationRequested;

    public bool ClientDisposed => _client.IsCancellationRequested;

    public CancellationToken CallerToken { get; }

    public TimeSpan Length { get; }

    public TimeProvider Clock { get; }

    public void Dispose()
    {
        // Disposing each waits for its callback if that is running.
        _callerRegistration.Dispose();
        _clientRegistration.Dispose();
#if !NET
        _timer?.Dispose();
#endif
        _source.Dispose();
    }
#if !NET

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call has just ended: disposing a timer does not wait for its callback.
        }
    }
#endif
}
