namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>The limiter's rules one by one. That they hold together is in the schedules.</summary>
internal sealed class QuotaLimiterTests
{
    private static readonly ChatsOperation _read = ChatsOperations.GetChatMessage;
    private static readonly ChatsOperation _send = ChatsOperations.SendMessageToChat;
    private static readonly DateTimeOffset _eleven = new(2025, 11, 21, 11, 0, 0, TimeSpan.Zero);

    // 10:20:30.4
    private readonly ManualClock _clock = new();

    [Test]
    public void Attempts_are_served_in_order()
    {
        using var limiter = Pipeline.Limiter(_clock, 1000);
        var running = Take(limiter, 4);
        var order = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            _ = WaitAsync(i);
        }

        ManualClock.Run(() => running.ForEach(lease => lease.Dispose()));

        Assert.That(order, Is.EqualTo([0, 1, 2, 3, 4]));

        async Task WaitAsync(int number)
        {
            using var lease = await limiter.AcquireAsync(Call(_read, TimeSpan.FromSeconds(5)), 1).ConfigureAwait(false);
            order.Add(number);
        }
    }

    [Test]
    public void No_attempt_waits_behind_an_operation_whose_quota_is_used_up()
    {
        using var limiter = Pipeline.Limiter(_clock, 1);
        Take(limiter, 1)[0].Dispose();

        var read = Queue(limiter, _read, TimeSpan.FromHours(1));
        var send = Queue(limiter, _send, TimeSpan.FromHours(1));

        Assert.That((read.IsCompleted, send.IsCompleted), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_wait_that_is_known_to_be_too_long_is_rejected_at_once_and_a_shorter_one_ends_with_the_next_hour()
    {
        using var limiter = Pipeline.Limiter(_clock, 1);
        Spend(limiter, 200, Limit(1, 0));

        using var lease = Queue(limiter, _read, TimeSpan.FromMinutes(39)).GetAwaiter().GetResult();
        Assert.That((lease.IsAcquired, lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)), Is.EqualTo((false, true)));
        Assert.That(wait, Is.EqualTo(new TimeSpan(0, 0, 39, 29, 600)));

        var next = Queue(limiter, _read, TimeSpan.FromHours(1));
        _clock.RunUntil(_eleven.AddMilliseconds(-1));
        var before = next.IsCompleted;
        _clock.RunUntil(_eleven);

        Assert.That((before, next.IsCompleted), Is.EqualTo((false, true)));
    }

    [Test]
    public void Queued_attempts_are_rejected_as_soon_as_it_is_known_that_they_would_wait_too_long()
    {
        using var limiter = Pipeline.Limiter(_clock, 1000);
        var running = Take(limiter, 4);
        var waiting = Queue(limiter, _read, TimeSpan.FromMinutes(5));

        Report(limiter, running[0], 420, Limit(1000, 0), ChatsLimitKind.Hourly);

        Assert.That(waiting.IsCompleted && !waiting.Result.IsAcquired);
    }

    [Test]
    public void A_request_in_flight_when_the_hour_ends_counts_in_the_new_hour([Values(30, 5)] int secondsBefore)
    {
        using var limiter = Pipeline.Limiter(_clock, 1);
        _clock.RunUntil(_eleven.AddSeconds(-secondsBefore));
        // Without a response: the service may still take the request, for as long as its own timeout.
        Take(limiter, 1)[0].Dispose();

        _clock.RunUntil(_eleven);

        Assert.That(Granted(limiter, 1), Is.EqualTo(secondsBefore > 10 ? 1 : 0));
    }

    // Of its headers: the limit, zero if there are none, and what remains.
    [TestCase(1000, 200, 1000, 2, 2, TestName = "Headers tell what other machines have used")]
    [TestCase(3, 200, 1000, -1, 2, TestName = "A negative remaining quota is ignored")]
    [TestCase(3, 200, 1000, 1001, 2, TestName = "A remaining quota above the limit is ignored")]
    [TestCase(1, 500, 0, 0, 1)]
    [TestCase(1, 503, 0, 0, 1)]
    [TestCase(1, 599, 0, 0, 1)]
    [TestCase(1, 401, 0, 0, 1)]
    [TestCase(1, 401, 1, 0, 0)]
    [TestCase(1, 404, 0, 0, 0)]
    public void The_remaining_quota_after_a_response(int quota, int status, int limit, int remaining, int granted)
    {
        using var limiter = Pipeline.Limiter(_clock, quota);
        Spend(limiter, status, limit > 0 ? Limit(limit, remaining) : null);

        Assert.That(Granted(limiter, 5), Is.EqualTo(granted));
    }

    [Test]
    public void A_reported_count_below_ours_permits_no_further_call()
    {
        using var limiter = Pipeline.Limiter(_clock, 3);
        foreach (var lease in Take(limiter, 3))
        {
            Report(limiter, lease, 200, Limit(3, 3));
        }

        Assert.That(Granted(limiter, 1), Is.Zero);
    }

    [TestCase(200, true)]
    [TestCase(420, true)]
    [TestCase(420, false)]
    public void A_quota_that_the_service_reported_as_used_up_is_not_probed_before_the_next_hour(int status, bool hasHeaders)
    {
        // The quota of other machines, too: one call of ours does not use up five.
        using var limiter = Pipeline.Limiter(_clock, 5);
        Spend(limiter, status, hasHeaders ? Limit(5, 0) : null, status == 420 ? ChatsLimitKind.Hourly : ChatsLimitKind.Unknown);

        var atOnce = Granted(limiter, 1);
        _clock.Advance(TimeSpan.FromMinutes(2));
        var later = Granted(limiter, 1);
        _clock.RunUntil(_eleven);

        Assert.That((atOnce, later, Granted(limiter, 1)), Is.EqualTo((0, 0, 1)));
    }

    [Test]
    public void A_420_corrects_a_clock_that_was_set_forward()
    {
        using var limiter = Pipeline.Limiter(_clock, 1000);
        Spend(limiter, 200, Limit(1000, 0));
        // The hour has ended here, but not at the service, which is 20 seconds behind now.
        _clock.RunUntil(_eleven.AddSeconds(5));
        Spend(limiter, 420, Limit(1000, 0), ChatsLimitKind.Hourly, date: _clock.GetUtcNow().AddSeconds(-20));

        var before = Granted(limiter, 1);
        _clock.Advance(TimeSpan.FromSeconds(15));

        Assert.That((before, Granted(limiter, 1)), Is.EqualTo((0, 1)));
    }

    [Test]
    public void After_a_parallel_420_the_business_pauses_for_half_a_second()
    {
        using var limiter = Pipeline.Limiter(_clock, 1000);
        Spend(limiter, 420, Limit(1000, 900), ChatsLimitKind.Parallel);
        var next = Queue(limiter, _read, TimeSpan.FromSeconds(1));

        _clock.Advance(TimeSpan.FromMilliseconds(499));
        var before = next.IsCompleted;
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That((before, next.IsCompleted), Is.EqualTo((false, true)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_quota_that_is_used_up_only_by_our_count_is_probed_once_a_minute(bool hasResponse)
    {
        using var limiter = Pipeline.Limiter(_clock, 1);
        if (hasResponse)
        {
            Spend(limiter, 200);
        }
        else
        {
            Take(limiter, 1)[0].Dispose();
        }

        var atOnce = Granted(limiter, 2);
        _clock.Advance(TimeSpan.FromSeconds(59));
        var early = Granted(limiter, 2);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var probes = Granted(limiter, 2);
        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.That((atOnce, early, probes, Granted(limiter, 2)), Is.EqualTo((0, 0, 1, 1)));
    }

    [Test]
    public void Businesses_and_addresses_have_their_own_limits_and_keys_their_own_quota_but_shared_permits()
    {
        using var quotas = Pipeline.Limiter(_clock, 5);
        using var places = Pipeline.Limiter(_clock, 5);
        static ChatsCall Of(string address, long business, string key) => new(_read, new Uri(address), business, key, TimeSpan.Zero);
        ChatsCall[] calls = [Of("http://a/", 1, "old"), Of("http://a/", 1, "new"), Of("http://b/", 1, "old"), Of("http://a/", 2, "old")];
        Assert.That(calls.Select(call => Granted(quotas, 6, call)), Is.All.EqualTo(5));
        Assert.That(Enumerable.Range(0, 6).Count(i => places.AttemptAcquire(Of("http://a/", 1, $"key {i % 2}")).IsAcquired), Is.EqualTo(4));
    }

    [Test]
    public void Idle_businesses_are_removed_and_busy_ones_are_not()
    {
        using var limiter = Pipeline.Limiter(_clock, 10);
        Take(limiter, 4);
        void CallEach(int first, int last)
        {
            for (var business = first; business < last; business++)
            {
                limiter.AttemptAcquire(new ChatsCall(_read, Pipeline.Service, business, "key", TimeSpan.Zero)).Dispose();
            }
        }

        CallEach(2, 1000);
        _clock.Advance(TimeSpan.FromHours(2));
        CallEach(10_000, 11_001);

        Assert.That(limiter.Remaining().Count, Is.LessThan(1_600));
        Assert.That(Granted(limiter, 1), Is.Zero, "business 1 still has four calls under way");
    }

    [Test]
    public void The_quotas_of_replaced_keys_are_removed()
    {
        using var limiter = Pipeline.Limiter(_clock, 10);
        for (var day = 0; day < 30; day++)
        {
            limiter.AttemptAcquire(new ChatsCall(_read, Pipeline.Service, 1, $"key of day {day}", TimeSpan.Zero)).Dispose();
            _clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.That(limiter.Remaining().Select(left => left.KeyId), Is.EqualTo(["key of day 29"]));
    }

    [Test]
    public void No_attempt_overtakes_the_queue_when_a_timer_is_late()
    {
        using var limiter = Pipeline.Limiter(_clock, 1000);
        Spend(limiter, 420, rateLimit: null, ChatsLimitKind.Parallel);

        var waits = Queue(limiter, _read, TimeSpan.FromSeconds(5));
        _clock.Skip(TimeSpan.FromSeconds(1));
        var newcomer = limiter.TryTake(_send, Pipeline.Service, 1, "key");
        var later = Enumerable.Range(0, 4).Select(_ => Queue(limiter, _send, TimeSpan.FromSeconds(5))).ToArray();

        Assert.That((newcomer, waits.IsCompleted), Is.EqualTo(((QuotaLease?)null, true)), "it came first");
        Assert.That(later.Select(task => task.IsCompleted), Is.EqualTo([true, true, true, false]));
    }

    private static ChatsCall Call(ChatsOperation operation, TimeSpan maxWait) => new(operation, Pipeline.Service, 1, "key", maxWait);

    private static Task<RateLimitLease> Queue(QuotaLimiter limiter, ChatsOperation operation, TimeSpan maxWait)
    {
        var lease = Task.FromException<RateLimitLease>(new InvalidOperationException());
        ManualClock.Run(() => lease = limiter.AcquireAsync(Call(operation, maxWait), 1).AsTask());
        return lease;
    }

    private static List<RateLimitLease> Take(QuotaLimiter limiter, int count)
    {
        var leases = Enumerable.Range(0, count).Select(_ => limiter.AttemptAcquire(Call(_read, TimeSpan.Zero))).ToList();
        Assert.That(leases, Has.All.Property(nameof(RateLimitLease.IsAcquired)).True);
        return leases;
    }

    /// <summary>How many calls may go, one after the other.</summary>
    private static int Granted(QuotaLimiter limiter, int tries, ChatsCall? call = null) => Enumerable.Range(0, tries).Count(_ =>
    {
        using var lease = limiter.AttemptAcquire(call ?? Call(_read, TimeSpan.Zero));
        return lease.IsAcquired;
    });

    /// <summary>One call with its response.</summary>
    private void Spend(
        QuotaLimiter limiter, int status, ChatsRateLimit? rateLimit = null, ChatsLimitKind exceeded = default, DateTimeOffset? date = null) =>
        Report(limiter, Take(limiter, 1)[0], status, rateLimit, exceeded, date);

    private void Report(
        QuotaLimiter limiter, RateLimitLease lease, int status, ChatsRateLimit? rateLimit, ChatsLimitKind exceeded = default, DateTimeOffset? date = null) =>
        ManualClock.Run(() =>
        {
            var response = new ChatsResponseInfo(_read, status, traceParent: null, rateLimit, date ?? _clock.GetUtcNow(), exceeded);
            limiter.Report(lease, Call(_read, TimeSpan.Zero), response);
            lease.Dispose();
        });

    /// <summary>As a response of the window from 10 to 11 has it.</summary>
    private static ChatsRateLimit Limit(int limit, int remaining) => new(limit, remaining, _eleven);
}
