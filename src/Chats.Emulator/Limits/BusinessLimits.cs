namespace YandexMarket.Chats.Emulator;

/// <summary>The limits of one business: so many calls at once over both operations, so many an hour for each.</summary>
internal sealed class BusinessLimits
{
    private readonly int? _parallel;
    private readonly QuotaWindow? _reads;
    private readonly QuotaWindow? _sends;
    private int _running;

    public BusinessLimits(ChatsEmulatorOptions options, TimeProvider clock)
    {
        _parallel = options.ParallelLimit;
        if (options.HourlyQuota is { } quota)
        {
            _reads = new QuotaWindow(quota, options.QuotaPeriod, clock);
            _sends = new QuotaWindow(quota, options.QuotaPeriod, clock);
        }
    }

    /// <summary>How many calls may be under way at once.</summary>
    public int Parallel => _parallel ?? int.MaxValue;

    public int Running => Volatile.Read(ref _running);

    public QuotaWindow? QuotaOf(EmulatedOperation operation) => operation == EmulatedOperation.GetChatMessage ? _reads : _sends;

    public bool TryEnter()
    {
        // Never counted too far, not even for a moment: a refused call would else refuse another one.
        var running = Running;
        while (running < Parallel)
        {
            var seen = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (seen == running)
            {
                return true;
            }

            running = seen;
        }

        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _running);
}
