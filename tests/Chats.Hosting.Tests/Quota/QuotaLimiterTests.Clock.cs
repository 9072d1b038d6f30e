namespace YandexMarket.Chats.Hosting.Tests;

/// <content>The limiter where the machine's clock is wrong, or is set while attempts wait.</content>
internal sealed partial class QuotaLimiterTests
{
    private readonly ShiftedClock _local;

    public QuotaLimiterTests() => _local = new ShiftedClock(_clock);

    // Without a Date it is known only that the hour has not ended at the service: then it is asked again a minute later.
    [TestCase(true, 15)]
    [TestCase(false, 60)]
    public void A_420_corrects_a_clock_that_was_set_forward(bool hasDate, int secondsLater)
    {
        var limiter = Pipeline.Limiter(_clock, 1000);
        Spend(limiter, 200, Limit(1000, 0));
        // The hour has ended here, but not at the service, which is 20 seconds behind now.
        _clock.RunUntil(_eleven.AddSeconds(5));
        var permits = Take(limiter, 2);
        Report(permits[0], Rejected(hasDate ? _clock.GetUtcNow().AddSeconds(-20) : null));

        var before = Granted(limiter, 1);
        // This one was made in the old hour as well, and is late.
        _clock.Advance(TimeSpan.FromSeconds(10));
        Report(permits[1], Rejected(date: null));
        _clock.Advance(TimeSpan.FromSeconds(secondsLater - 10));

        Assert.That((before, Granted(limiter, 1)), Is.EqualTo((0, 1)));

        static ChatsResponseInfo Rejected(DateTimeOffset? date) => new(_read, 420, traceParent: null, Limit(1000, 0), date, ChatsLimitKind.Hourly);
    }

    [TestCase(3)]
    [TestCase(-3)]
    public void A_quota_420_determines_the_wait_even_if_the_local_clock_is_hours_off(int hours)
    {
        var limiter = Pipeline.Limiter(_clock, 1000);
        var date = _clock.GetUtcNow().AddHours(hours);

        Spend(limiter, 420, new ChatsRateLimit(1000, 0, date.AddMinutes(10)), ChatsLimitKind.Hourly, date);

        Assert.That(WaitOf(limiter), Is.EqualTo(TimeSpan.FromMinutes(10)));
    }

    [TestCase(-2, -2)]
    [TestCase(-20, -20)]
    [TestCase(3, 0, TestName = "3 hours ahead, and then corrected")]
    public void A_probe_finds_out_when_an_hour_ends_that_a_wrong_clock_would_place_hours_ahead(int hours, int hoursLater)
    {
        var limiter = Pipeline.Limiter(_local, 1000);
        var used = new ChatsRateLimit(1000, 0, _clock.GetUtcNow().AddMinutes(50));
        _local.Offset = TimeSpan.FromHours(hours);
        Spend(limiter, 200, used);
        _local.Offset = TimeSpan.FromHours(hoursLater);

        _clock.Advance(TimeSpan.FromMinutes(1));
        Spend(limiter, 420, used, ChatsLimitKind.Hourly);

        Assert.That(WaitOf(limiter), Is.EqualTo(TimeSpan.FromMinutes(49)));
    }

    [Test]
    public void A_clock_that_is_set_back_does_not_lengthen_the_pause_after_a_parallel_420()
    {
        var limiter = Pipeline.Limiter(_local, 1000);
        Spend(limiter, 420, exceeded: ChatsLimitKind.Parallel);

        _local.Offset = TimeSpan.FromHours(-3);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(Granted(limiter, 1), Is.EqualTo(1));
    }

    [Test]
    public void If_the_clock_is_set_forward_into_the_next_hour_an_attempt_that_waits_gets_its_permit()
    {
        var limiter = Pipeline.Limiter(_local, 1);
        Spend(limiter, 200, new ChatsRateLimit(1, 0, null));
        var waiting = Queue(limiter, _read, TimeSpan.FromHours(1));

        _local.Offset = TimeSpan.FromMinutes(50);
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.That(waiting.IsCompletedSuccessfully);
    }

    [Test]
    public void The_timer_of_a_business_keeps_no_context_of_the_call_that_came_first()
    {
        var limiter = Pipeline.Limiter(_local, 1000);
        Take(limiter, 4);

        _ = Queue(limiter, _read, TimeSpan.FromSeconds(1));

        Assert.That(_local.KeptContexts, Is.EqualTo([false]));
    }

    /// <summary>How long a call would have to wait that is rejected at once.</summary>
    private static TimeSpan? WaitOf(QuotaLimiter limiter, TimeSpan maxWait = default) =>
        ((ChatsQuotaException)Queue(limiter, _read, maxWait).Exception!.InnerException!).RetryAfter;

    /// <summary>The virtual clock, whose date can be set apart from its timers.</summary>
    private sealed class ShiftedClock(ManualClock inner) : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        /// <summary>For each timer, whether it keeps the context in which it was created.</summary>
        public List<bool> KeptContexts { get; } = [];

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Offset;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            KeptContexts.Add(!ExecutionContext.IsFlowSuppressed());
            return inner.CreateTimer(callback, state, dueTime, period);
        }
    }
}
