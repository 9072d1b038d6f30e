using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed partial class QuotaLimiterTests
{
    private static readonly ChatsOperation _read = ChatsOperations.GetChatMessage;
    private static readonly ChatsOperation _send = ChatsOperations.SendMessageToChat;

    // 10:20:30, so that 39 minutes and a half of the window are left.
    private readonly ManualClock _clock = new();

    [Test]
    public void Who_came_first_goes_first()
    {
        using var limiter = Pipeline.Limiter(_clock, 1000);
        var running = Take(limiter, 4);
        var order = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            _ = WaitAsync(limiter, i, order);
        }

        ManualClock.Run(() => running.ForEach(lease => lease.Dispose()));

        Assert.That(order, Is.EqualTo([0, 1, 2, 3, 4]));
    }

    [Test]
    public void Nobody_waits_behind_an_operation_whose_quota_is_used_up()
    {
        using var limiter = Pipeline.Limiter(_clock, 1);
        Take(limiter, 1)[0].Dispose();
        var read = limiter.AcquireAsync(Call(_read, TimeSpan.FromHours(1)), 1).AsTask();

        var send = limiter.AcquireAsync(Call(_send, TimeSpan.FromHours(1)), 1);

        Assert.That((read.IsCompleted, send.IsCompleted), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_wait_that_is_known_to_be_too_long_is_refused_at_once_and_says_how_long()
    {
        using var limiter = Pipeline.Limiter(_clock, 1);
        Report(limiter, Take(limiter, 1)[0], 200, Limit(1, 0));

        using var lease = limiter.AcquireAsync(Call(_read, TimeSpan.FromMinutes(39)), 1).AsTask().GetAwaiter().GetResult();

        Assert.That(lease.IsAcquired, Is.False);
        Assert.That(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait), Is.True);
        Assert.That(wait, Is.EqualTo(new TimeSpan(0, 0, 39, 29, 600)));
    }

    [Test]
    public void Those_in_the_queue_hear_at_once_that_it_became_hopeless()
    {
        using var limiter = Pipeline.Limiter(_clock, 1000);
        var running = Take(limiter, 4);
        var waiting = limiter.AcquireAsync(Call(_read, TimeSpan.FromMinutes(5)), 1).AsTask();

        Report(limiter, running[0], 420, Limit(1000, 0), ChatsLimitKind.Hourly);

        Assert.That(waiting.IsCompleted && !waiting.Result.IsAcquired);
    }

    [Test]
    public void The_next_hour_has_its_own_quota()
    {
        using var limiter = Pipeline.Limiter(_clock, 1);
        Report(limiter, Take(limiter, 1)[0], 200, Limit(1, 0));
        var next = limiter.AcquireAsync(Call(_read, TimeSpan.FromHours(1)), 1).AsTask();

        _clock.RunUntil(new DateTimeOffset(2025, 11, 21, 10, 59, 59, 999, TimeSpan.Zero));
        var before = next.IsCompleted;
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That((before, next.IsCompleted), Is.EqualTo((false, true)));
    }

    [Test]
    public void What_was_on_its_way_when_the_hour_turned_counts_in_the_new_one([Values(30, 5)] int secondsBefore)
    {
        var hour = new DateTimeOffset(2025, 11, 21, 11, 0, 0, TimeSpan.Zero);
        using var limiter = Pipeline.Limiter(_clock, 1);
        _clock.RunUntil(hour.AddSeconds(-secondsBefore));
        // No answer came: the service may take it later than we gave it up, by as much as it takes for a request.
        Take(limiter, 1)[0].Dispose();

        _clock.RunUntil(hour);

        Assert.That(Granted(limiter, 1), Is.EqualTo(secondsBefore > 10 ? 1 : 0));
    }

    [Test]
    public void What_other_machines_use_is_learnt_from_the_headers()
    {
        using var limiter = Pipeline.Limiter(_clock, 1000);
        var lease = Take(limiter, 1)[0];

        Report(limiter, lease, 200, Limit(1000, 2));
        lease.Dispose();

        Assert.That(Granted(limiter, 5), Is.EqualTo(2));
    }

    [Test]
    public void Headers_that_contradict_themselves_are_not_believed([Values(-1, 1001)] int remaining)
    {
        using var limiter = Pipeline.Limiter(_clock, 3);
        var lease = Take(limiter, 1)[0];

        Report(limiter, lease, 200, Limit(1000, remaining));
        lease.Dispose();

        Assert.That(Granted(limiter, 5), Is.EqualTo(2));
    }

    [Test]
    public void A_lower_count_than_ours_does_not_make_room()
    {
        using var limiter = Pipeline.Limiter(_clock, 3);
        foreach (var lease in Take(limiter, 3))
        {
            Report(limiter, lease, 200, Limit(3, 3));
            lease.Dispose();
        }

        Assert.That(Granted(limiter, 1), Is.Zero);
    }

    [Test]
    public void After_an_hourly_420_nothing_goes_out_until_the_moment_that_it_names()
    {
        using var limiter = Pipeline.Limiter(_clock, 1000);
        var lease = Take(limiter, 1)[0];
        Report(limiter, lease, 420, Limit(1000, 0), ChatsLimitKind.Hourly);
        lease.Dispose();

        var before = Granted(limiter, 1);
        _clock.RunUntil(new DateTimeOffset(2025, 11, 21, 11, 0, 0, TimeSpan.Zero));

        Assert.That((before, Granted(limiter, 1)), Is.EqualTo((0, 1)));
    }

    [Test]
    public void An_hourly_420_without_headers_closes_the_hour_of_the_clock()
    {
        using var limiter = Pipeline.Limiter(_clock, 1000);
        var lease = Take(limiter, 1)[0];
        Report(limiter, lease, 420, rateLimit: null, ChatsLimitKind.Hourly);
        lease.Dispose();

        var before = Granted(limiter, 1);
        _clock.RunUntil(new DateTimeOffset(2025, 11, 21, 11, 0, 0, TimeSpan.Zero));

        Assert.That((before, Granted(limiter, 1)), Is.EqualTo((0, 1)));
    }

    [Test]
    public void A_420_corrects_a_clock_that_was_set_forward()
    {
        using var limiter = Pipeline.Limiter(_clock, 1000);
        Report(limiter, Take(limiter, 1)[0], 200, Limit(1000, 0));
        // The hour turned here, but not at the service, which is 20 seconds behind now.
        _clock.RunUntil(new DateTimeOffset(2025, 11, 21, 11, 0, 5, TimeSpan.Zero));
        var early = Take(limiter, 1)[0];
        Report(limiter, early, 420, Limit(1000, 0), ChatsLimitKind.Hourly, date: _clock.GetUtcNow().AddSeconds(-20));
        early.Dispose();

        var before = Granted(limiter, 1);
        _clock.Advance(TimeSpan.FromSeconds(15));

        Assert.That((before, Granted(limiter, 1)), Is.EqualTo((0, 1)));
    }

    [Test]
    public void After_a_parallel_420_the_business_pauses_for_half_a_second()
    {
        using var limiter = Pipeline.Limiter(_clock, 1000);
        var lease = Take(limiter, 1)[0];
        Report(limiter, lease, 420, Limit(1000, 900), ChatsLimitKind.Parallel);
        lease.Dispose();
        var next = limiter.AcquireAsync(Call(_read, TimeSpan.FromSeconds(1)), 1).AsTask();

        _clock.Advance(TimeSpan.FromMilliseconds(499));
        var before = next.IsCompleted;
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That((before, next.IsCompleted), Is.EqualTo((false, true)));
    }

    [Test]
    public void Businesses_and_keys_are_counted_apart()
    {
        using var limiter = Pipeline.Limiter(_clock, 1);
        Take(limiter, 1);

        var other = limiter.AttemptAcquire(new ChatsCall(_read, Pipeline.Service, 2, "key", TimeSpan.Zero));
        var otherKey = limiter.AttemptAcquire(new ChatsCall(_read, Pipeline.Service, 1, "key 2", TimeSpan.Zero));

        Assert.That((other.IsAcquired, otherKey.IsAcquired), Is.EqualTo((true, true)));
    }

    [Test]
    public void Idle_businesses_are_forgotten_and_busy_ones_are_not()
    {
        using var limiter = Pipeline.Limiter(_clock, 10);
        var busy = Take(limiter, 4);
        for (var business = 2; business < 1000; business++)
        {
            limiter.AttemptAcquire(new ChatsCall(_read, Pipeline.Service, business, "key", TimeSpan.Zero)).Dispose();
        }

        _clock.Advance(TimeSpan.FromHours(2));
        limiter.AttemptAcquire(new ChatsCall(_read, Pipeline.Service, 5000, "key", TimeSpan.Zero)).Dispose();
        for (var business = 10_000; business < 11_000; business++)
        {
            limiter.AttemptAcquire(new ChatsCall(_read, Pipeline.Service, business, "key", TimeSpan.Zero)).Dispose();
        }

        Assert.That(limiter.Remaining().Count(), Is.LessThan(1_600));
        Assert.That(Granted(limiter, 1), Is.Zero, "business 1 still has four calls under way");
        Assert.That(busy, Has.Count.EqualTo(4));
    }

    [Test]
    public void A_business_is_taken_out_once()
    {
        // Two sweeps at once: the second one must not take out what came into its place since.
        var business = new BusinessLimiter(_clock, _ => 10, TaskCreationOptions.None);

        Assert.That((business.TryRetire(), business.TryRetire()), Is.EqualTo((true, false)));
    }

    [Test]
    public void Nobody_overtakes_whoever_waits_when_a_timer_is_late()
    {
        var clock = new LateClock();
        using var limiter = new QuotaLimiter(clock, _ => 1000, TaskCreationOptions.None);
        using (var lease = limiter.AttemptAcquire(Call(_read, TimeSpan.Zero)))
        {
            limiter.Report(lease, Call(_read, TimeSpan.Zero), new ChatsResponseInfo(_read, 420, limit: ChatsLimitKind.Parallel));
        }

        var waits = limiter.AcquireAsync(Call(_read, TimeSpan.FromSeconds(5)), 1).AsTask();
        clock.Pass(TimeSpan.FromSeconds(1));
        var comes = Enumerable.Range(0, 4).Select(_ => limiter.AcquireAsync(Call(_send, TimeSpan.FromSeconds(5)), 1).AsTask()).ToArray();

        Assert.That(waits.IsCompleted, "it came first");
        Assert.That(comes.Select(task => task.IsCompleted), Is.EqualTo([true, true, true, false]));
    }

    private static ChatsCall Call(ChatsOperation operation, TimeSpan maxWait) => new(operation, Pipeline.Service, 1, "key", maxWait);

    private static List<RateLimitLease> Take(QuotaLimiter limiter, int count)
    {
        var leases = Enumerable.Range(0, count).Select(_ => limiter.AttemptAcquire(Call(_read, TimeSpan.Zero))).ToList();
        Assert.That(leases, Has.All.Property(nameof(RateLimitLease.IsAcquired)).True);
        return leases;
    }

    /// <summary>How many calls, one after the other, are let out.</summary>
    private static int Granted(QuotaLimiter limiter, int tries) => Enumerable.Range(0, tries).Count(_ =>
    {
        using var lease = limiter.AttemptAcquire(Call(_read, TimeSpan.Zero));
        return lease.IsAcquired;
    });

    private static async Task WaitAsync(QuotaLimiter limiter, int number, List<int> order)
    {
        using var lease = await limiter.AcquireAsync(Call(_read, TimeSpan.FromSeconds(5)), 1).ConfigureAwait(false);
        order.Add(number);
    }

    private void Report(
        QuotaLimiter limiter,
        RateLimitLease lease,
        int status,
        ChatsRateLimit? rateLimit,
        ChatsLimitKind exceeded = ChatsLimitKind.Unknown,
        DateTimeOffset? date = null) => ManualClock.Run(() => limiter.Report(
            lease, Call(_read, TimeSpan.Zero), new ChatsResponseInfo(_read, status, traceParent: null, rateLimit, date ?? _clock.GetUtcNow(), exceeded)));

    /// <summary>As an answer of the window from 10 to 11 has it.</summary>
    private static ChatsRateLimit Limit(int limit, int remaining) => new(limit, remaining, new DateTimeOffset(2025, 11, 21, 11, 0, 0, TimeSpan.Zero));
}
