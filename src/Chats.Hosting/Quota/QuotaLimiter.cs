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
{
    private const int MinSweepCount = 256;

    private readonly Dictionary<(Uri BaseAddress, long BusinessId), BusinessLimiter> _businesses = new(new ByBusiness());
    private int _sweepAt = MinSweepCount;

    /// <summary>Guards all businesses, and is held only briefly: a business that is removed as idle cannot be in use.</summary>
    public object Gate { get; } = new();

    public TimeProvider Clock => clock;

    public Func<ChatsOperation, int> QuotaOf { get; } = quotaOf ?? (static operation => operation.QuotaPerHour);

    public TaskCreationOptions Completion => completion;

    /// <summary>Nearly every attempt gets its permit at once, which allocates only the permit.</summary>
    /// <exception cref="ChatsQuotaException">The limits permit no call in time.</exception>
    public ValueTask<IQuotaPermit> EnterAsync(ChatsCall call, CancellationToken cancellationToken)
    {
        BusinessLimiter business;
        QueuedAttempt attempt;
        lock (Gate)
        {
            business = BusinessOf(call.BaseAddress, call.BusinessId);
            if (business.TryTake(call) is { } permit)
            {
                return new(permit);
            }

            attempt = business.Enqueue(call);
        }

        business.Serve();
        return business.WaitAsync(attempt, cancellationToken);
    }

    /// <summary>The remaining quotas, of the operations and keys used so far, except keys that were replaced and businesses not used for an hour.</summary>
    public IReadOnlyList<RemainingQuota> Remaining()
    {
        lock (Gate)
        {
            return [.. _businesses.SelectMany(entry => entry.Value.Remaining(entry.Key.BaseAddress, entry.Key.BusinessId))];
        }
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
