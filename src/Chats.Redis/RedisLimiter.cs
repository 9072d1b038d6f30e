using System.Diagnostics;
using System.Threading.RateLimiting;
using StackExchange.Redis;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.Redis;

/// <summary>
/// The service's limits for all machines: 4 calls at once for a business, and the hourly quota of each operation. Redis decides, by its own clock.
/// Attempts of one operation and business ask it one after the other, which keeps their order.
/// </summary>
internal sealed partial class RedisLimiter : PartitionedRateLimiter<ChatsCall>, IChatsQuotaFeedback
{
    /// <summary>The service's limit of parallel calls for a business.</summary>
    public const int AtOnce = 4;

    private const string Unavailable = "Redis, which stores the limits, is unavailable";

    private readonly Lock _gate = new();
    private readonly Dictionary<(Uri BaseAddress, long BusinessId), RedisBusiness> _businesses = [];
    private readonly PartitionedRateLimiter<ChatsCall> _turns = PartitionedRateLimiter.Create<ChatsCall, (Uri, long, ChatsOperation)>(call =>
        RateLimitPartition.GetConcurrencyLimiter(
            (call.BaseAddress, call.BusinessId, call.Operation),
            static _ => new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = int.MaxValue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));

    private readonly RedisStore _store;
    private readonly ChatsRedisOptions _options;
    private readonly RedisTimes _times;
    private readonly TimeProvider _clock;
    private readonly Timer _renewal;

    /// <summary>The clock is that of the local limits only.</summary>
    public RedisLimiter(RedisStore store, ChatsRedisOptions options, RedisTimes times, TimeProvider clock)
    {
        (_store, _options, _times, _clock) = (store, options, times, clock);
        var period = options.LeaseDuration / 3;
        // The first call creates this, and the timer must not keep that call's context.
        using IDisposable? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        _renewal = new Timer(static self => _ = ((RedisLimiter)self!).RenewAllAsync(), this, period, period);
    }

    /// <inheritdoc/>
    public override RateLimiterStatistics? GetStatistics(ChatsCall resource) => null;

    public void Report(RateLimitLease lease, ChatsCall attempt, ChatsResponseInfo response)
    {
        // It is sent to Redis when the call ends, which saves a round trip.
        if (lease is RedisLease ours)
        {
            ours.Response = response;
            ours.Business.Share?.Responded(response);
        }
    }

    public void ReportNotSent(RateLimitLease lease, ChatsCall attempt)
    {
        if (lease is RedisLease ours)
        {
            ours.WasNotSent = true;
            ours.Business.Share?.NotSent(attempt.Operation, ours.LocalWindowEnds);
        }
    }

    /// <summary>Ends a call, once: releases its permit and counts its outcome, without waiting for Redis.</summary>
    public void End(RedisLease lease)
    {
        if (!lease.Business.Leases.TryRemove(lease.Member, out _))
        {
            return;
        }

        Settle(lease, lease.WasNotSent ? "unsent" : lease.Response is null ? "none" : "response");
        // The next attempt uses the same connection, so its command comes after this one.
        lease.Business.SignalReleased();
        lease.Business.Used();
    }

    protected override RateLimitLease AttemptAcquireCore(ChatsCall resource, int permitCount) =>
        throw new NotSupportedException("A limiter over a network cannot acquire synchronously: use AcquireAsync.");

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(ChatsCall resource, int permitCount, CancellationToken cancellationToken)
    {
        if (permitCount != 1)
        {
            throw new ArgumentOutOfRangeException(nameof(permitCount), permitCount, "An attempt needs exactly one permit.");
        }

        var start = Stopwatch.GetTimestamp();
        var business = BusinessOf(resource);
        if (business.WaitOf(resource.Operation) is { } known && known > resource.MaxWait)
        {
            // The attempt whose turn it is may wait for longer than this one.
            return new FailedLease(known);
        }

        using var turn = await _turns.AcquireAsync(resource, permitCount: 1, cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                business.Used();
                var released = business.Released;
                var lease = await AskAsync(business, resource, cancellationToken).ConfigureAwait(false);
                if (lease is not FailedLease failed || failed.IsFinal(resource.MaxWait - Stopwatch.GetElapsedTime(start)))
                {
                    return lease;
                }

                business.SetWait(resource.Operation, failed.RetryAfter);
                await PauseAsync(failed.RetryAfter, released, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            business.SetWait(resource.Operation, wait: null);
        }
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await _renewal.DisposeAsync().ConfigureAwait(false);
        await _turns.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsyncCore().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            DisposeAsyncCore().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// Waits for the known time, but at most a second, because a response to another machine can shorten it. Without one, waits for a moment, or
    /// until a call of this process ends.
    /// </summary>
    private static async Task PauseAsync(TimeSpan? wait, Task released, CancellationToken cancellationToken)
    {
        // Random, so that machines do not ask at the same time.
        var poll = TimeSpan.FromMilliseconds(10 + (20 * Random.Shared.NextDouble()));
        if (wait is { } known)
        {
            var second = TimeSpan.FromSeconds(1);
            await Task.Delay((known < second ? known : second) + (poll / 10), cancellationToken).ConfigureAwait(false);
            return;
        }

        await released.WaitAsync(poll, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private RedisBusiness BusinessOf(ChatsCall call)
    {
        lock (_gate)
        {
            if (!_businesses.TryGetValue((call.BaseAddress, call.BusinessId), out var business))
            {
                var share = _options.WhenUnavailable == ChatsRedisFallback.Local
                    ? new LocalShare(_options.ExpectedReplicas, _times.Window, _clock)
                    : null;
                business = new RedisBusiness(_options.KeyPrefix, call.BaseAddress, call.BusinessId, share);
                _businesses.Add((call.BaseAddress, call.BusinessId), business);
            }

            business.Used();
            return business;
        }
    }

    /// <summary>
    /// Renews the permits of all calls in progress, so that the next renewal makes up for one that was late or failed, and forgets unused businesses.
    /// </summary>
    internal Task RenewAllAsync()
    {
        RedisBusiness[] all;
        lock (_gate)
        {
            foreach (var (key, business) in _businesses)
            {
                // An attempt that waits asks at least once a second.
                if (business.IsUnusedFor(2 * _times.Window))
                {
                    _businesses.Remove(key);
                }
            }

            all = [.. _businesses.Values];
        }

        var epoch = all.Length > 0 ? EpochAsync(CancellationToken.None) : Task.CompletedTask;
        return Task.WhenAll([epoch, .. all.Select(business => RenewAsync(business, business.Leases.Keys))]);
    }

    /// <summary>
    /// Renews the permits of these calls. Redis does not know a call that has ended meanwhile, nor one that it has lost or that has expired: only
    /// those that are still in progress are added again.
    /// </summary>
    internal async Task RenewAsync(RedisBusiness business, ICollection<RedisValue> members)
    {
        var unknown = await RenewAsync(business, members, addsUnknown: false).ConfigureAwait(false);
        await RenewAsync(business, [.. unknown.Intersect(business.Leases.Keys)], addsUnknown: true).ConfigureAwait(false);
    }

    /// <summary>Returns the calls that Redis does not know and that were not added.</summary>
    private async Task<RedisValue[]> RenewAsync(RedisBusiness business, ICollection<RedisValue> members, bool addsUnknown)
    {
        if (members.Count == 0)
        {
            return [];
        }

        RedisValue[] arguments =
            [Milliseconds(_options.LeaseDuration), Milliseconds((2 * _times.Window) + _options.LeaseDuration), addsUnknown ? "1" : "0", .. members];
        var unknown = await _store.EvaluateAsync(
            RedisScripts.Renew, [business.BusinessKey, business.PermitsKey], arguments, late: null, CancellationToken.None).ConfigureAwait(false);
        return (RedisValue[]?)unknown ?? [];
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}

/// <summary>The periods of the service; tests use shorter ones.</summary>
/// <param name="Window">The period of the quotas.</param>
/// <param name="MaxTransitTime">How long a request without a response may still reach the service.</param>
/// <param name="ProbeInterval">How often a request is made while the quota seems used up but the service has not said so.</param>
internal sealed record RedisTimes(TimeSpan Window, TimeSpan MaxTransitTime, TimeSpan ProbeInterval)
{
    /// <summary>As documented by the service.</summary>
    public static readonly RedisTimes OfService = new(TimeSpan.FromHours(1), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));
}
