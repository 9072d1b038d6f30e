namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>The limiter's rules one by one. That they hold together is in the schedules.</summary>
internal sealed partial class QuotaLimiterTests
{
    private static readonly ChatsOperation _read = ChatsOperations.GetChatMessage;
    private static readonly ChatsOperation _send = ChatsOperations.SendMessageToChat;
    private static readonly DateTimeOffset _eleven = new(2025, 11, 21, 11, 0, 0, TimeSpan.Zero);

    // 10:20:30.4
    private readonly ManualClock _clock = new();

    // What happens and, after the arrow, how many of five calls are then permitted: a response, with the remaining quota and the limit of its
    // headers, or none; seconds that pass, or the time.
    [TestCase(1000, "200 2/1000 -> 2", TestName = "Headers tell what other machines have used")]
    [TestCase(3, "200 -1/1000 -> 2", TestName = "A negative remaining quota is ignored")]
    [TestCase(3, "200 1001/1000 -> 2", TestName = "A remaining quota above the limit is ignored")]
    [TestCase(3, "200 3/3, 200 3/3, 200 3/3 -> 0", TestName = "A reported count below ours permits no further call")]
    [TestCase(1, "500 -> 1")]
    [TestCase(1, "503 -> 1")]
    [TestCase(1, "599 -> 1")]
    [TestCase(1, "401 -> 1")]
    [TestCase(1, "401 0/1 -> 0")]
    [TestCase(1, "404 -> 0")]
    // A request in flight when the hour ends counts in the new one: the service may still take it, for as long as its own timeout.
    [TestCase(1, "10:59:30, none, 11:00 -> 1")]
    [TestCase(1, "10:59:55, none, 11:00 -> 0")]
    // A quota that the service reported as used up, by others as well, is not probed before the next hour.
    [TestCase(5, "200 0/5 -> 0, +120 -> 0, 11:00 -> 5")]
    [TestCase(5, "420 0/5 -> 0, +120 -> 0, 11:00 -> 5")]
    [TestCase(5, "420 -> 0, +120 -> 0, 11:00 -> 5")]
    // One that is used up only by our count is probed once a minute.
    [TestCase(1, "200 -> 0, +59 -> 0, +1 -> 1, +60 -> 1")]
    [TestCase(1, "none -> 0, +59 -> 0, +1 -> 1, +60 -> 1")]
    public void The_quota_permits(int quota, string timeline)
    {
        var limiter = Pipeline.Limiter(_clock, quota);
        foreach (var step in timeline.Split(", ").Select(step => step.Split(" -> ")))
        {
            Play(limiter, step[0]);
            if (step is [_, var granted])
            {
                Assert.That(Granted(limiter, 5), Is.EqualTo(int.Parse(granted, CultureInfo.InvariantCulture)), step[0]);
            }
        }
    }

    [Test]
    public void A_late_response_of_the_old_hour_does_not_use_up_the_new_one()
    {
        var limiter = Pipeline.Limiter(_clock, 5);
        var late = Take(limiter, 1)[0];
        _clock.RunUntil(_eleven.AddSeconds(1));

        Report(late, 200, Limit(5, 0));

        Assert.That(Granted(limiter, 6), Is.EqualTo(5));
    }

    [Test]
    public void Attempts_are_served_in_order()
    {
        var limiter = Pipeline.Limiter(_clock, 1000);
        var running = Take(limiter, 4);
        var order = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            _ = WaitAsync(i);
        }

        ManualClock.Run(() => running.ForEach(permit => permit.Dispose()));

        Assert.That(order, Is.EqualTo([0, 1, 2, 3, 4]));

        async Task WaitAsync(int number)
        {
            using var permit = await limiter.EnterAsync(Call(_read, TimeSpan.FromSeconds(5)), CancellationToken.None).ConfigureAwait(false);
            order.Add(number);
        }
    }

    [Test]
    public void No_attempt_waits_behind_an_operation_whose_quota_is_used_up()
    {
        var limiter = Pipeline.Limiter(_clock, 1);
        Take(limiter, 1)[0].Dispose();

        var read = Queue(limiter, _read, TimeSpan.FromHours(1));
        var send = Queue(limiter, _send, TimeSpan.FromHours(1));

        Assert.That((read.IsCompleted, send.IsCompleted), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_wait_that_is_known_to_be_too_long_is_rejected_at_once_and_a_shorter_one_ends_with_the_next_hour()
    {
        var limiter = Pipeline.Limiter(_clock, 1);
        Spend(limiter, 200, Limit(1, 0));

        Assert.That(WaitOf(limiter, TimeSpan.FromMinutes(39)), Is.EqualTo(new TimeSpan(0, 0, 39, 29, 600)));

        var next = Queue(limiter, _read, TimeSpan.FromHours(1));
        _clock.RunUntil(_eleven.AddMilliseconds(-1));
        var before = next.IsCompleted;
        _clock.RunUntil(_eleven);

        Assert.That((before, next.IsCompleted), Is.EqualTo((false, true)));
    }

    [Test]
    public void Queued_attempts_are_rejected_as_soon_as_it_is_known_that_they_would_wait_too_long()
    {
        var limiter = Pipeline.Limiter(_clock, 1000);
        var running = Take(limiter, 4);
        var waiting = Queue(limiter, _read, TimeSpan.FromMinutes(5));

        Report(running[0], 420, Limit(1000, 0), ChatsLimitKind.Hourly);

        Assert.That(waiting.IsFaulted);
    }

    [Test]
    public void After_a_parallel_420_the_business_pauses_for_half_a_second()
    {
        var limiter = Pipeline.Limiter(_clock, 1000);
        Spend(limiter, 420, Limit(1000, 900), ChatsLimitKind.Parallel);
        var next = Queue(limiter, _read, TimeSpan.FromSeconds(1));

        _clock.Advance(TimeSpan.FromMilliseconds(499));
        var before = next.IsCompleted;
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That((before, next.IsCompleted), Is.EqualTo((false, true)));
    }

    [Test]
    public void Businesses_and_addresses_have_their_own_limits_and_keys_their_own_quota_but_shared_permits()
    {
        var quotas = Pipeline.Limiter(_clock, 5);
        var places = Pipeline.Limiter(_clock, 5);
        static ChatsCall Of(string address, long business, string key) => new(_read, new Uri(address), business, key, TimeSpan.Zero);
        ChatsCall[] calls = [Of("http://a/", 1, "old"), Of("http://a/", 1, "new"), Of("http://b/", 1, "old"), Of("http://a/", 2, "old")];
        Assert.That(calls.Select(call => Granted(quotas, 6, call)), Is.All.EqualTo(5));
        Assert.That(Enumerable.Range(0, 6).Count(i => Enter(places, Of("http://a/", 1, $"key {i % 2}")).IsCompletedSuccessfully), Is.EqualTo(4));
    }

    [Test]
    public void Idle_businesses_are_removed_and_busy_ones_are_not()
    {
        var limiter = Pipeline.Limiter(_clock, 10);
        Take(limiter, 4);
        void CallEach(int first, int last)
        {
            for (var business = first; business < last; business++)
            {
                Enter(limiter, new ChatsCall(_read, Pipeline.Service, business, "key", TimeSpan.Zero)).Result.Dispose();
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
        var limiter = Pipeline.Limiter(_clock, 10);
        for (var day = 0; day < 30; day++)
        {
            Enter(limiter, new ChatsCall(_read, Pipeline.Service, 1, $"key of day {day}", TimeSpan.Zero)).Result.Dispose();
            _clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.That(limiter.Remaining().Select(left => left.KeyId), Is.EqualTo(["key of day 29"]));
    }

    [Test]
    public void No_attempt_overtakes_the_queue_when_a_timer_is_late()
    {
        var limiter = Pipeline.Limiter(_clock, 1000);
        Take(limiter, 3);
        Spend(limiter, 420, rateLimit: null, ChatsLimitKind.Parallel);

        var waits = Queue(limiter, _read, TimeSpan.FromSeconds(5));
        _clock.Skip(TimeSpan.FromSeconds(1));
        var newcomer = Queue(limiter, _send, TimeSpan.Zero);

        Assert.That((newcomer.IsFaulted, waits.IsCompletedSuccessfully), Is.EqualTo((true, true)), "it came first, and there is one place");
    }

    private static ChatsCall Call(ChatsOperation operation, TimeSpan maxWait) => new(operation, Pipeline.Service, 1, "key", maxWait);

    private static Task<IQuotaPermit> Queue(QuotaLimiter limiter, ChatsOperation operation, TimeSpan maxWait) => Enter(limiter, Call(operation, maxWait));

    private static Task<IQuotaPermit> Enter(QuotaLimiter limiter, ChatsCall call)
    {
        var permit = Task.FromException<IQuotaPermit>(new InvalidOperationException());
        ManualClock.Run(() => permit = limiter.EnterAsync(call, CancellationToken.None).AsTask());
        return permit;
    }

    private static List<IQuotaPermit> Take(QuotaLimiter limiter, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Queue(limiter, _read, TimeSpan.Zero).Result)];

    /// <summary>How many calls may go, one after the other.</summary>
    private static int Granted(QuotaLimiter limiter, int tries, ChatsCall? call = null) => Enumerable.Range(0, tries).Count(_ =>
    {
        var entering = Enter(limiter, call ?? Call(_read, TimeSpan.Zero));
        using var permit = entering.IsCompletedSuccessfully ? entering.Result : null;
        return permit is not null;
    });

    /// <summary>One step of a timeline.</summary>
    private void Play(QuotaLimiter limiter, string step)
    {
        if (step == "none")
        {
            Take(limiter, 1)[0].Dispose();
        }
        else if (step.StartsWith('+'))
        {
            _clock.Advance(TimeSpan.FromSeconds(int.Parse(step, CultureInfo.InvariantCulture)));
        }
        else if (step.Contains(':'))
        {
            _clock.RunUntil(_eleven.AddHours(-11) + TimeSpan.Parse(step, CultureInfo.InvariantCulture));
        }
        else
        {
            var numbers = step.Split(' ', '/').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            Spend(
                limiter, numbers[0], numbers is [_, var remaining, var limit] ? Limit(limit, remaining) : null,
                numbers[0] == 420 ? ChatsLimitKind.Hourly : ChatsLimitKind.Unknown);
        }
    }

    /// <summary>One call with its response.</summary>
    private void Spend(
        QuotaLimiter limiter, int status, ChatsRateLimit? rateLimit = null, ChatsLimitKind exceeded = default, DateTimeOffset? date = null) =>
        Report(Take(limiter, 1)[0], status, rateLimit, exceeded, date);

    private void Report(
        IQuotaPermit permit, int status, ChatsRateLimit? rateLimit, ChatsLimitKind exceeded = default, DateTimeOffset? date = null) =>
        Report(permit, new ChatsResponseInfo(_read, status, traceParent: null, rateLimit, date ?? _clock.GetUtcNow(), exceeded));

    private static void Report(IQuotaPermit permit, ChatsResponseInfo response) => ManualClock.Run(() =>
    {
        permit.Responded(response);
        permit.Dispose();
    });

    /// <summary>As a response of the window from 10 to 11 has it.</summary>
    private static ChatsRateLimit Limit(int limit, int remaining) => new(limit, remaining, _eleven);
}
