namespace YandexMarket.Chats.Hosting;

/// <summary>
/// The limits of one business: concurrent calls over all operations and keys, and the hourly quota of each operation and key. Attempts are
/// served in order of arrival, but none waits behind an operation whose quota is used up. Guarded by the lock of the limiter.
/// </summary>
internal sealed class BusinessLimiter(QuotaLimiter limiter)
{
    /// <summary>The service's documented limit for a business.</summary>
    private const int MaxConcurrentCalls = 4;

    /// <summary>After a 420 for parallel requests: someone else is using the same business, for an unknown time.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly List<HourlyQuota> _quotas = [];
    private readonly List<QueuedAttempt> _queue = [];
    private readonly ServiceClock _service = new();
    private long? _pausedAt;
    private ITimer? _wakeUp;
    private int _running;

    // Not by the clock's date, which may be set back.
    private TimeSpan PauseLeft => _pausedAt is { } start ? Pause - limiter.Clock.GetElapsedTime(start) : TimeSpan.Zero;

    /// <summary>A permit, if one is available at once and nobody waits. The caller holds the lock.</summary>
    public QuotaPermit? TryTake(ChatsCall call) => _queue.Count == 0 ? TryTake(QuotaOf(call), limiter.Clock.GetUtcNow()) : null;

    /// <summary>Adds an attempt to the end of the queue; serve the queue afterward. The caller holds the lock.</summary>
    public QueuedAttempt Enqueue(ChatsCall call)
    {
        var attempt = new QueuedAttempt(call, QuotaOf(call), limiter.Clock, limiter.Completion);
        _queue.Add(attempt);
        return attempt;
    }

    /// <summary>Grants the available permits in order of arrival, and rejects at once every attempt that cannot be served in time.</summary>
    public void Serve()
    {
        List<QueuedAttempt> served;
        lock (limiter.Gate)
        {
            var now = limiter.Clock.GetUtcNow();
            foreach (var attempt in _queue)
            {
                attempt.Permit = TryTake(attempt.Quota, now);
                attempt.IsServed = attempt.Permit is not null || attempt.CannotBeServedInTime(now);
            }

            served = _queue.FindAll(attempt => attempt.IsServed);
            _queue.RemoveAll(attempt => attempt.IsServed);
            SetWakeUp(now);
        }

        foreach (var attempt in served)
        {
            attempt.TrySetResult(attempt.Permit);
        }
    }

    public async ValueTask<IQuotaPermit> WaitAsync(QueuedAttempt attempt, CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(() => Leave(attempt, cancellationToken)))
        {
            return await attempt.Task.ConfigureAwait(false) ?? throw new ChatsQuotaException(attempt.Call, attempt.RetryAfter);
        }
    }

    /// <summary>Counts the outcome of an attempt (only once), releases its permits, and serves the queue.</summary>
    /// <param name="permit">The permit of the attempt.</param>
    /// <param name="response">The response, at least its headers; null if there is none.</param>
    /// <param name="wasSent">False if it was certainly not sent.</param>
    /// <param name="permits">1 for a call that has read its response or has failed.</param>
    public void End(QuotaPermit permit, ChatsResponseInfo? response, bool wasSent, int permits)
    {
        bool anyoneWaits;
        lock (limiter.Gate)
        {
            _running -= permits;
            if (!permit.IsSettled)
            {
                var now = limiter.Clock.GetUtcNow();
                permit.IsSettled = true;
                permit.Quota.Settle(permit, response, wasSent, now);
                if (response is { StatusCode: 420 or 429, Limit: not ChatsLimitKind.Hourly })
                {
                    _pausedAt = limiter.Clock.GetTimestamp();
                }
            }

            anyoneWaits = _queue.Count > 0;
        }

        if (anyoneWaits)
        {
            Serve();
        }
    }

    /// <summary>Whether it contains no state that must be kept. The caller holds the lock.</summary>
    public bool IsIdle(DateTimeOffset now) =>
        _running == 0 && _queue.Count == 0 && PauseLeft <= TimeSpan.Zero && _quotas.TrueForAll(quota => quota.IsIdle(now));

    /// <summary>The caller holds the lock.</summary>
    public IEnumerable<RemainingQuota> Remaining(Uri baseAddress, long businessId) => _quotas.Select(quota =>
        new RemainingQuota(baseAddress, quota.KeyId, businessId, quota.Operation, quota.Limit, quota.RemainingAt(limiter.Clock.GetUtcNow())));

    private HourlyQuota QuotaOf(ChatsCall call)
    {
        foreach (var quota in _quotas)
        {
            if (quota.Operation == call.Operation && quota.KeyId == call.KeyId)
            {
                return quota;
            }
        }

        // Keys are replaced: those that are no longer used are forgotten.
        var now = limiter.Clock.GetUtcNow();
        _quotas.RemoveAll(quota => quota.KeyId != call.KeyId && quota.IsIdle(now) && !_queue.Exists(attempt => attempt.Quota == quota));
        var added = new HourlyQuota(call.Operation, call.KeyId, limiter.QuotaOf(call.Operation), _service, now);
        _quotas.Add(added);
        return added;
    }

    private QuotaPermit? TryTake(HourlyQuota quota, DateTimeOffset now)
    {
        quota.Advance(now);
        if (_running >= MaxConcurrentCalls || PauseLeft > TimeSpan.Zero || !quota.IsAvailable(now))
        {
            return null;
        }

        _running++;
        quota.Take(now);
        return new QuotaPermit(this, quota, now);
    }

    private void Leave(QueuedAttempt attempt, CancellationToken cancellationToken)
    {
        bool wasWaiting;
        lock (limiter.Gate)
        {
            wasWaiting = _queue.Remove(attempt);
        }

        if (wasWaiting)
        {
            attempt.TrySetCanceled(cancellationToken);
        }
    }

    /// <summary>Sets the timer to the end of a wait, or to the next time at which a permit can become available without a call ending.</summary>
    private void SetWakeUp(DateTimeOffset now)
    {
        var due = Timeout.InfiniteTimeSpan;
        if (_queue.Count > 0)
        {
            var next = _queue.Min(attempt =>
            {
                var chance = PauseLeft > TimeSpan.Zero ? PauseLeft : attempt.Quota.IsAvailable(now) ? TimeSpan.MaxValue : attempt.Quota.TimeUntilNextAttempt(now);
                return chance < attempt.TimeLeft ? chance : attempt.TimeLeft;
            });
            // Timers count whole milliseconds, and one that fires too early would find nothing changed.
            due = TimeSpan.FromMilliseconds(Math.Min(Math.Max(1, Math.Ceiling(next.TotalMilliseconds)), int.MaxValue));
            _wakeUp ??= CreateWakeUp();
        }

        _wakeUp?.Change(due, Timeout.InfiniteTimeSpan);
    }

    private ITimer CreateWakeUp()
    {
        // It outlives the call that comes first, and must not keep that call's context.
        using IDisposable? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        return limiter.Clock.CreateTimer(static self => ((BusinessLimiter)self!).Serve(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}

/// <summary>Its result is null if it is rejected.</summary>
internal sealed class QueuedAttempt(ChatsCall call, HourlyQuota quota, TimeProvider clock, TaskCreationOptions completion)
    : TaskCompletionSource<QuotaPermit?>(completion)
{
    private readonly long _start = clock.GetTimestamp();

    public ChatsCall Call => call;

    public HourlyQuota Quota => quota;

    /// <summary>Whether it leaves the queue, with a permit or rejected.</summary>
    public bool IsServed { get; set; }

    public QuotaPermit? Permit { get; set; }

    /// <summary>How long to wait before the next call, if it is rejected and that is known.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    public TimeSpan TimeLeft => call.MaxWait - clock.GetElapsedTime(_start);

    /// <summary>Whether its wait has ended, or will end before a permit is available.</summary>
    public bool CannotBeServedInTime(DateTimeOffset now)
    {
        var left = TimeLeft;
        RetryAfter = quota.TimeUntilAvailable(now);
        return left <= TimeSpan.Zero || RetryAfter > left;
    }
}
