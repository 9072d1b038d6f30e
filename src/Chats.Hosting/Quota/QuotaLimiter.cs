using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// The service's limits within one container: 4 concurrent calls per business, and an hourly quota per operation, business and key. The
/// limiters of System.Threading.RateLimiting have no windows that follow the clock and no TimeProvider, so this is our own.
/// </summary>
/// <param name="clock">The clock of windows and waits.</param>
/// <param name="quotaOf">The hourly quota of an operation; null: the contract's.</param>
/// <param name="completion">
/// By default a call that waited continues on another thread than the call that released the permit. Tests in virtual time use one thread.
/// </param>
internal sealed class QuotaLimiter(
    TimeProvider clock,
    Func<ChatsOperation, int>? quotaOf = null,
    TaskCreationOptions completion = TaskCreationOptions.RunContinuationsAsynchronously)
    : PartitionedRateLimiter<ChatsCall>, IChatsQuotaFeedback
{
    private const int SmallestSweep = 256;

    private readonly ConcurrentDictionary<(Uri BaseAddress, long BusinessId), BusinessLimiter> _businesses = new(new ByBusiness());
    private readonly Func<ChatsOperation, int> _quotaOf = quotaOf ?? (static operation => operation.QuotaPerHour);
    private int _sweepAt = SmallestSweep;

    public static PartitionedRateLimiter<ChatsCall> ForContainer(IServiceProvider services) =>
        new QuotaLimiter(services.GetService<TimeProvider>() ?? TimeProvider.System);

    /// <summary>A lease, if one is available at once. Nearly every attempt takes this path, which allocates only the lease.</summary>
    public QuotaLease? TryTake(ChatsOperation operation, Uri baseAddress, long businessId, string keyId) =>
        BusinessOf((baseAddress, businessId)).TryTake(operation, keyId);

    public override RateLimiterStatistics? GetStatistics(ChatsCall resource) =>
        _businesses.TryGetValue((resource.BaseAddress, resource.BusinessId), out var business) ? business.Statistics(resource) : null;

    /// <summary>The remaining quotas, of those used in their current hour.</summary>
    public IEnumerable<RemainingQuota> Remaining() => _businesses.SelectMany(entry => entry.Value.Remaining(entry.Key.BaseAddress, entry.Key.BusinessId));

    public void Report(RateLimitLease lease, ChatsCall attempt, ChatsResponseInfo response) => (lease as QuotaLease)?.Responded(response);

    protected override RateLimitLease AttemptAcquireCore(ChatsCall resource, int permitCount)
    {
        var attempt = new ChatsCall(resource.Operation, resource.BaseAddress, resource.BusinessId, resource.KeyId, TimeSpan.Zero);
        // Without a wait the task is already completed.
        return Acquire(attempt, permitCount, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(ChatsCall resource, int permitCount, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new(Task.FromCanceled<RateLimitLease>(cancellationToken))
            : Acquire(resource, permitCount, cancellationToken);

    private ValueTask<RateLimitLease> Acquire(ChatsCall call, int permitCount, CancellationToken cancellationToken)
    {
        if (permitCount != 1)
        {
            throw new ArgumentOutOfRangeException(nameof(permitCount), permitCount, "An attempt takes exactly one permit.");
        }

        while (true)
        {
            if (BusinessOf((call.BaseAddress, call.BusinessId)).TryAcquire(call, cancellationToken) is { } lease)
            {
                return lease;
            }

            // It was retired as idle just before.
        }
    }

    private BusinessLimiter BusinessOf((Uri BaseAddress, long BusinessId) key)
    {
        if (_businesses.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_businesses.Count >= _sweepAt)
        {
            Sweep();
        }

        return _businesses.GetOrAdd(key, _ => new BusinessLimiter(clock, _quotaOf, completion));
    }

    private void Sweep()
    {
        foreach (var entry in _businesses)
        {
            // Only one sweep may remove it: a successor under the same key must stay.
            if (entry.Value.TryRetire())
            {
                _businesses.TryRemove(entry.Key, out _);
            }
        }

        _sweepAt = Math.Max(SmallestSweep, _businesses.Count * 2);
    }

    /// <summary>Few addresses share a business, so its id alone is a good hash, and cheaper than that of an address.</summary>
    private sealed class ByBusiness : IEqualityComparer<(Uri BaseAddress, long BusinessId)>
    {
        public bool Equals((Uri BaseAddress, long BusinessId) x, (Uri BaseAddress, long BusinessId) y) =>
            x.BusinessId == y.BusinessId && x.BaseAddress == y.BaseAddress;

        public int GetHashCode((Uri BaseAddress, long BusinessId) obj) => obj.BusinessId.GetHashCode();
    }
}

/// <summary>What is left of one quota.</summary>
internal sealed record RemainingQuota(Uri BaseAddress, string KeyId, long BusinessId, ChatsOperation Operation, int Limit, int Remaining);
