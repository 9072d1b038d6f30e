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
/// By default a call that waited continues on a different thread from the call that released the permit. Tests in virtual time use one thread.
/// </param>
internal sealed class QuotaLimiter(
    TimeProvider clock,
    Func<ChatsOperation, int>? quotaOf = null,
    TaskCreationOptions completion = TaskCreationOptions.RunContinuationsAsynchronously)
    : PartitionedRateLimiter<ChatsCall>, IChatsQuotaFeedback
{
    private const int MinSweepCount = 256;

    private readonly Dictionary<(Uri BaseAddress, long BusinessId), BusinessLimiter> _businesses = new(new ByBusiness());
    private int _sweepAt = MinSweepCount;

    /// <summary>Guards all businesses, and is held only briefly: a business that is removed as idle cannot be in use.</summary>
    public object Gate { get; } = new();

    public TimeProvider Clock => clock;

    public Func<ChatsOperation, int> QuotaOf { get; } = quotaOf ?? (static operation => operation.QuotaPerHour);

    public TaskCreationOptions Completion => completion;

    public static PartitionedRateLimiter<ChatsCall> ForContainer(IServiceProvider services) =>
        new QuotaLimiter(services.GetService<TimeProvider>() ?? TimeProvider.System);

    /// <summary>A lease, if one is available at once. Nearly every attempt takes this path, which allocates only the lease.</summary>
    public QuotaLease? TryTake(ChatsOperation operation, Uri baseAddress, long businessId, string keyId)
    {
        lock (Gate)
        {
            return BusinessOf(baseAddress, businessId).TryTake(operation, keyId);
        }
    }

    public override RateLimiterStatistics? GetStatistics(ChatsCall resource) => null;

    /// <summary>The remaining quotas, of the operations and keys used so far, except keys that were replaced and businesses not used for an hour.</summary>
    public IReadOnlyList<RemainingQuota> Remaining()
    {
        lock (Gate)
        {
            return [.. _businesses.SelectMany(entry => entry.Value.Remaining(entry.Key.BaseAddress, entry.Key.BusinessId))];
        }
    }

    public void Report(RateLimitLease lease, ChatsCall attempt, ChatsResponseInfo response) => (lease as QuotaLease)?.Responded(response);

    public void ReportNotSent(RateLimitLease lease, ChatsCall attempt) => (lease as QuotaLease)?.NotSent();

    protected override RateLimitLease AttemptAcquireCore(ChatsCall resource, int permitCount)
    {
        var attempt = new ChatsCall(resource.Operation, resource.BaseAddress, resource.BusinessId, resource.KeyId, TimeSpan.Zero);
        // Without a wait the task is already completed.
        return AcquireAsyncCore(attempt, permitCount, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(ChatsCall resource, int permitCount, CancellationToken cancellationToken)
    {
        if (permitCount != 1)
        {
            throw new ArgumentOutOfRangeException(nameof(permitCount), permitCount, "An attempt takes exactly one permit.");
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return new(Task.FromCanceled<RateLimitLease>(cancellationToken));
        }

        BusinessLimiter business;
        QueuedAttempt attempt;
        lock (Gate)
        {
            business = BusinessOf(resource.BaseAddress, resource.BusinessId);
            attempt = business.Enqueue(resource);
        }

        business.Serve();
        return business.WaitAsync(attempt, cancellationToken);
    }

    private BusinessLimiter BusinessOf(Uri baseAddress, long businessId)
    {
        if (!_businesses.TryGetValue((baseAddress, businessId), out var business))
        {
            ForgetIdle();
            _businesses.Add((baseAddress, businessId), business = new BusinessLimiter(this));
        }

        return business;
    }

    private void ForgetIdle()
    {
        if (_businesses.Count >= _sweepAt)
        {
            var now = clock.GetUtcNow();
            foreach (var idle in _businesses.Where(entry => entry.Value.IsIdle(now)).ToList())
            {
                _businesses.Remove(idle.Key);
            }

            _sweepAt = Math.Max(MinSweepCount, _businesses.Count * 2);
        }
    }

    /// <summary>Few addresses share a business, so its id alone is a good hash, and cheaper than that of an address.</summary>
    private sealed class ByBusiness : IEqualityComparer<(Uri BaseAddress, long BusinessId)>
    {
        public bool Equals((Uri BaseAddress, long BusinessId) x, (Uri BaseAddress, long BusinessId) y) =>
            x.BusinessId == y.BusinessId && x.BaseAddress == y.BaseAddress;

        public int GetHashCode((Uri BaseAddress, long BusinessId) obj) => obj.BusinessId.GetHashCode();
    }
}

internal sealed record RemainingQuota(Uri BaseAddress, string KeyId, long BusinessId, ChatsOperation Operation, int Limit, int Remaining);
