using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting;

/// <summary>Where an attempt gets its permit, or waits for it.</summary>
internal abstract class LimiterGate(Uri baseAddress, TimeSpan maxWait, KeyId keyId)
{
    public static LimiterGate Of(
        PartitionedRateLimiter<ChatsCall> limiter, Uri baseAddress, TimeSpan maxWait, KeyId keyId, TimeProvider clock, ChatsMetrics metrics, ChatsLog log) =>
        limiter is QuotaLimiter ours
            ? new BuiltInLimiterGate(ours, baseAddress, maxWait, keyId, clock, metrics)
            : new CustomLimiterGate(limiter, baseAddress, maxWait, keyId, clock, metrics, log);

    /// <exception cref="ChatsQuotaException">The limits allow no call in time.</exception>
    public abstract ValueTask<IQuotaPlace> EnterAsync(ChatsRequest request, CancellationToken cancellationToken);

    protected Uri BaseAddress => baseAddress;

    protected string KeyIdOf(ChatsRequest request) => keyId.Of(request);

    /// <summary>What a limiter knows an attempt by. It waits no longer than its call lives.</summary>
    protected ChatsCall CallOf(ChatsRequest request)
    {
        var left = request.TimeRemaining;
        var wait = left < maxWait ? left : maxWait;
        return new ChatsCall(
            request.Operation, baseAddress, BusinessOf(request), KeyIdOf(request), wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }

    protected static long BusinessOf(ChatsRequest request) => UrlIds.Business(request.RequestUri!.OriginalString);

    protected static ChatsQuotaException NoRoom(ChatsCall call, RateLimitLease lease)
    {
        var retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : (TimeSpan?)null;
        return new ChatsQuotaException(call, retryAfter, lease.TryGetMetadata(MetadataName.ReasonPhrase, out var reason) ? reason : null);
    }
}

/// <summary>An attempt's place in the limits. It is disposed when the call has read the response, or has failed.</summary>
internal interface IQuotaPlace : IDisposable
{
    /// <summary>The head of a response arrived.</summary>
    void Responded(ChatsResponseInfo response);

    /// <summary>The attempt certainly never left.</summary>
    void NotSent();
}

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
