namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>The limiter where the machine's clock is wrong, or is set while attempts wait.</summary>
internal sealed class ClockTests
{
    private readonly ShiftedClock _clock = new();

    [TestCase(3)]
    [TestCase(-3)]
    public async Task A_quota_420_determines_the_wait_even_if_the_local_clock_is_hours_off(int hours)
    {
        using var limiter = new QuotaLimiter(_clock);
        using (var lease = await limiter.AcquireAsync(Call()))
        {
            var date = _clock.GetUtcNow().AddHours(hours);
            limiter.Report(lease, Call(), new ChatsResponseInfo(
                ChatsOperations.GetChatMessage, 420, null, new ChatsRateLimit(1000, 0, date.AddMinutes(10)), date, ChatsLimitKind.Hourly));
        }

        using var refused = await limiter.AcquireAsync(Call());

        Assert.That(refused.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : default, Is.EqualTo(TimeSpan.FromMinutes(10)));
    }

    [TestCase(-2, -2)]
    [TestCase(-20, -20)]
    [TestCase(3, 0, TestName = "3 hours ahead, and then corrected")]
    public async Task A_probe_finds_out_when_an_hour_ends_that_a_wrong_clock_would_place_hours_ahead(int hours, int hoursLater)
    {
        using var limiter = new QuotaLimiter(_clock);
        var end = _clock.Inner.GetUtcNow().AddMinutes(50);
        _clock.Offset = TimeSpan.FromHours(hours);
        await CallAsync(200);
        _clock.Offset = TimeSpan.FromHours(hoursLater);

        _clock.Inner.Advance(TimeSpan.FromMinutes(1));
        await CallAsync(420);
        using var refused = await limiter.AcquireAsync(Call());

        Assert.That(refused.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : default, Is.EqualTo(TimeSpan.FromMinutes(49)));

        async Task CallAsync(int status)
        {
            using var lease = await limiter.AcquireAsync(Call());
            Assert.That(lease.IsAcquired, $"{status}");
            limiter.Report(lease, Call(), new ChatsResponseInfo(
                ChatsOperations.GetChatMessage, status, null, new ChatsRateLimit(1000, 0, end), _clock.Inner.GetUtcNow(),
                status == 420 ? ChatsLimitKind.Hourly : ChatsLimitKind.Unknown));
        }
    }

    [Test]
    public async Task A_clock_that_is_set_back_does_not_lengthen_the_pause_after_a_parallel_420()
    {
        using var limiter = new QuotaLimiter(_clock);
        using (var lease = await limiter.AcquireAsync(Call()))
        {
            limiter.Report(lease, Call(), new ChatsResponseInfo(ChatsOperations.GetChatMessage, 420, limit: ChatsLimitKind.Parallel));
        }

        _clock.Offset = TimeSpan.FromHours(-3);
        _clock.Inner.Advance(TimeSpan.FromSeconds(1));

        using var next = await limiter.AcquireAsync(Call());
        Assert.That(next.IsAcquired);
    }

    [Test]
    public async Task If_the_clock_is_set_forward_into_the_next_hour_an_attempt_that_waits_gets_its_permit()
    {
        using var limiter = new QuotaLimiter(_clock, _ => 1, TaskCreationOptions.None);
        using (var used = await limiter.AcquireAsync(Call()))
        {
            limiter.Report(used, Call(), new ChatsResponseInfo(ChatsOperations.GetChatMessage, 200, rateLimit: new ChatsRateLimit(1, 0, null)));
        }

        var waiting = limiter.AcquireAsync(Call(TimeSpan.FromHours(1))).AsTask();
        _clock.Offset = TimeSpan.FromMinutes(50);
        _clock.Inner.Advance(TimeSpan.FromHours(1));

        using var lease = await waiting;
        Assert.That(lease.IsAcquired);
    }

    [Test]
    public async Task The_timer_of_a_business_keeps_no_context_of_the_call_that_came_first()
    {
        using var limiter = new QuotaLimiter(_clock);
        var held = Enumerable.Range(0, 4).Select(_ => limiter.AttemptAcquire(Call())).ToList();
        var waiting = limiter.AcquireAsync(Call(TimeSpan.FromSeconds(1))).AsTask();

        Assert.That(_clock.KeptContexts, Is.EqualTo([false]));
        held.ForEach(lease => lease.Dispose());
        (await waiting).Dispose();
    }

    private static ChatsCall Call(TimeSpan maxWait = default) => new(ChatsOperations.GetChatMessage, Pipeline.Service, 1, "key", maxWait);

    /// <summary>The virtual clock, whose date can be set apart from its timers.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        public ManualClock Inner { get; } = new();

        public TimeSpan Offset { get; set; }

        /// <summary>For each timer, whether it keeps the context in which it was created.</summary>
        public List<bool> KeptContexts { get; } = [];

        public override long TimestampFrequency => Inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Inner.GetUtcNow() + Offset;

        public override long GetTimestamp() => Inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            KeptContexts.Add(!ExecutionContext.IsFlowSuppressed());
            return Inner.CreateTimer(callback, state, dueTime, period);
        }
    }
}
