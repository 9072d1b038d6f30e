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
