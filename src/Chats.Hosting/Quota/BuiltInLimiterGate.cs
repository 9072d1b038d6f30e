using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>Asks our own limiter, which mostly has room at once and ends a wait by itself.</summary>
internal sealed class BuiltInLimiterGate(QuotaLimiter limiter, Uri baseAddress, TimeSpan maxWait, KeyId keyId, TimeProvider clock, ChatsMetrics metrics)
    : LimiterGate(baseAddress, maxWait, keyId)
{
    public override ValueTask<IQuotaPlace> EnterAsync(ChatsRequest request, CancellationToken cancellationToken) =>
        limiter.TryTake(request.Operation, BaseAddress, BusinessOf(request), KeyIdOf(request)) is { } lease
            ? new(lease)
            : QueueAsync(request, cancellationToken);

    private async ValueTask<IQuotaPlace> QueueAsync(ChatsRequest request, CancellationToken cancellationToken)
    {
        var call = CallOf(request);
        var pending = limiter.AcquireAsync(call, permitCount: 1, cancellationToken);
        var lease = pending.IsCompleted
            ? await pending.ConfigureAwait(false)
            : await WaitAsync(call, pending).ConfigureAwait(false);
        return lease as QuotaLease ?? throw NoRoom(call, lease);
    }

    private async ValueTask<RateLimitLease> WaitAsync(ChatsCall call, ValueTask<RateLimitLease> pending)
    {
        var start = clock.GetTimestamp();
        try
        {
            return await pending.ConfigureAwait(false);
        }
        finally
        {
            metrics.QuotaWaited(call, clock.GetElapsedTime(start));
        }
    }
}
