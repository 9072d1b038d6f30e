using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>An attempt in the queue, until it is granted, times out or is canceled.</summary>
internal sealed class QueuedAttempt(BusinessLimiter business, HourlyQuota quota, long order, DateTimeOffset expires, TaskCreationOptions completion)
    : TaskCompletionSource<RateLimitLease>(completion)
{
    private readonly object _gate = new();
    private CancellationTokenRegistration _cancellation;
    private ITimer? _timer;

    public HourlyQuota Quota => quota;

    /// <summary>Its order of arrival among all attempts of the business.</summary>
    public long Order => order;

    public DateTimeOffset Expires => expires;

    /// <summary>Its node in the queue; null once it is removed. Guarded by the lock of the business.</summary>
    public LinkedListNode<QueuedAttempt>? Place { get; set; }

    /// <summary>The lease it received when it was removed.</summary>
    public RateLimitLease? Lease { get; set; }

    /// <summary>Starts its timer and listens for cancellation. Not under the lock of the business: either may fire at once.</summary>
    public void Listen(TimeProvider clock, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        var timer = clock.CreateTimer(static waiter => ((QueuedAttempt)waiter!).Expire(), this, maxWait, Timeout.InfiniteTimeSpan);
        var cancellation = cancellationToken.CanBeCanceled
            ? cancellationToken.Register(() => Cancel(cancellationToken))
            : default;
        lock (_gate)
        {
            (_timer, _cancellation) = (timer, cancellation);
        }

        if (Task.IsCompleted)
        {
            StopListening();
        }
    }

    public void Complete(RateLimitLease lease)
    {
        StopListening();
        TrySetResult(lease);
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (business.TryLeaveQueue(this, out _))
        {
            StopListening();
            TrySetCanceled(cancellationToken);
        }
    }

    private void Expire()
    {
        if (business.TryLeaveQueue(this, out var retryAfter))
        {
            Complete(new RefusedLease(retryAfter));
        }
    }

    private void StopListening()
    {
        CancellationTokenRegistration cancellation;
        ITimer? timer;
        lock (_gate)
        {
            (timer, cancellation) = (_timer, _cancellation);
            (_timer, _cancellation) = (null, default);
        }

        timer?.Dispose();
        cancellation.Dispose();
    }
}
