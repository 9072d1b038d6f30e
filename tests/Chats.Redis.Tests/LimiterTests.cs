namespace YandexMarket.Chats.Redis.Tests;

/// <summary>The limits that machines share: four calls at once and the hourly quotas.</summary>
[Slow]
public sealed class LimiterTests
{
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(30);

    private readonly string _prefix = Machine.NewPrefix();

    [Test]
    public async Task Four_calls_at_once_across_machines_operations_and_keys()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        RateLimitLease[] held =
        [
            await one.AcquireAsync(), await two.AcquireAsync(ChatsOperations.SendMessageToChat), await one.AcquireAsync(keyId: "other"), await two.AcquireAsync(),
        ];

        Assert.That(held.Select(lease => lease.IsAcquired), Is.All.True);
        Assert.That(await one.RefusalAsync(), Is.Null, "It is unknown when a call will end.");
        Assert.That(await two.RefusalAsync(ChatsOperations.SendMessageToChat), Is.Null);
        using var elsewhere = await one.AcquireAsync(business: 2);
        Assert.That(elsewhere.IsAcquired, "Another business has its own limit.");

        held[0].Dispose();
        held[0].Dispose();
        using var next = await two.AcquireAsync(maxWait: _long);
        Assert.That(next.IsAcquired);
        Assert.That(await one.RefusalAsync(), Is.Null, "A permit is released only once.");
    }

    [Test]
    public async Task The_calls_of_a_machine_are_served_in_order()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        var held = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => two.AcquireAsync(maxWait: _long).AsTask()));
        List<int> order = [];
        var waiting = Enumerable.Range(0, 4).Select(async number =>
        {
            using var lease = await one.AcquireAsync(maxWait: _long);
            lock (order)
            {
                order.Add(number);
            }
        }).ToList();

        held[0].Dispose();
        await Task.WhenAll(waiting);

        Assert.That(order, Is.EqualTo([0, 1, 2, 3]));
    }

    [Test]
    public async Task Behind_a_call_that_may_wait_for_long_another_fails_at_once_and_learns_how_long_the_wait_is()
    {
        await using var machine = await StartAsync();
        var used = (RedisLease)await machine.AcquireAsync();
        machine.Limiter.Report(used, Machine.Call(), Machine.Response(remaining: 0, limit: 3));
        used.Dispose();
        var patient = machine.AcquireAsync(maxWait: TimeSpan.FromHours(2)).AsTask();
        await Until.TrueAsync(() => used.Business.WaitOf(ChatsOperations.GetChatMessage) is not null);

        var refusal = await machine.RefusalAsync().WaitAsync(Until.Timeout);
        await machine.SetAsync("quota:getChatMessage", "ends", TimeSpan.FromMilliseconds(-1)); // As if a new window had begun.
        using var lease = await patient.WaitAsync(Until.Timeout);

        Assert.That(refusal, Is.EqualTo(Machine.NextHour - DateTimeOffset.UtcNow).Within(TimeSpan.FromSeconds(10)));
        Assert.That(lease.IsAcquired, "It asks again, because another machine may have learned something.");
        Assert.That(used.Business.WaitOf(ChatsOperations.GetChatMessage), Is.Null);
    }

    // What a response adds to the count, and what its headers report, which overrides the count.
    [TestCase(200, null, 1)]
    [TestCase(404, null, 1)]
    [TestCase(401, null, 0)]
    [TestCase(302, null, 1)]
    [TestCase(500, null, 0)]
    [TestCase(503, null, 0)]
    [TestCase(0, null, 1)]
    [TestCase(200, 990, 10)]
    [TestCase(401, 990, 10)]
    [TestCase(500, 990, 10)]
    [TestCase(200, -1, 1)]
    [TestCase(200, 1001, 1)]
    public async Task What_a_response_counts_as(int status, int? remaining, int used)
    {
        await using var machine = await StartAsync();

        await machine.CallAsync(status == 0 ? null : Machine.Response(status, remaining));

        Assert.That(await machine.UsedAsync(), Is.EqualTo(used));
        await machine.CallAsync(Machine.Response(remaining: 900));
        var highest = await machine.UsedAsync();
        await machine.CallAsync(Machine.Response(remaining: 950));
        Assert.That(await machine.UsedAsync(), Is.EqualTo(highest).And.GreaterThanOrEqualTo(100), "Responses can arrive out of order.");
    }

    [Test]
    public async Task A_connection_that_was_never_made_uses_no_quota()
    {
        await using var machine = await StartAsync(); // For the state in Redis.
        using var service = new ClosedPort();
        var services = new ServiceCollection();
        services.AddChatsClient(options => (options.ApiKey, options.BaseAddress) = ("key", service.Address))
            .ConfigureChatsHosting(options => options.MaxAttempts = 1)
            .UseRedisLimits(
                (await SharedRedis.ServerAsync()).Configuration,
                options => (options.KeyPrefix, options.CommandTimeout) = (_prefix, TimeSpan.FromSeconds(30)));
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IChatsClient>();

        await Assert.ThrowsAsync<ChatsConnectionException>(() => client.GetChatMessageAsync(1, 2, 3));
        await Until.TrueAsync(async () => await machine.InProgressAsync() == 0);

        Assert.That(await machine.UsedAsync(), Is.Zero);
    }

    [Test]
    public async Task What_a_response_reports_to_one_machine_applies_to_all()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();

        await one.CallAsync(Machine.Response(remaining: 2, limit: 10));
        await one.CallAsync(Machine.Response(remaining: 0, limit: 10));
        var wait = await two.RefusalAsync();

        Assert.That(wait, Is.EqualTo(Machine.NextHour - DateTimeOffset.UtcNow).Within(TimeSpan.FromSeconds(5)));
        using var other = await two.AcquireAsync(ChatsOperations.SendMessageToChat);
        Assert.That(other.IsAcquired, "The other operation has its own quota.");
        await two.SetAsync("quota:getChatMessage", "ends", TimeSpan.FromMilliseconds(-1));
        using var next = await two.AcquireAsync();
        Assert.That(next.IsAcquired, "A new window has begun.");
    }

    [Test]
    public async Task A_420_of_the_quota_closes_it_and_a_420_of_the_parallel_limit_pauses_calls()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();

        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await one.CallAsync(Machine.Response(420, kind: ChatsLimitKind.Parallel));
        Assert.That(await one.GetAsync("business", "hold"), Is.InRange(before + 500, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 500));
        await one.SetAsync("business", "hold", TimeSpan.FromSeconds(10)); // A busy machine may take half a second for the next line.
        Assert.That(await two.RefusalAsync(ChatsOperations.SendMessageToChat), Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(TimeSpan.FromSeconds(10)));
        await one.SetAsync("business", "hold", TimeSpan.FromMilliseconds(-1));

        await one.CallAsync(Machine.Response(420, kind: ChatsLimitKind.Hourly));
        Assert.That(await two.RefusalAsync(), Is.GreaterThan(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task Calls_without_headers_use_up_the_quota_and_then_one_probe_a_minute_is_made([Values] bool responded)
    {
        await using var machine = await StartAsync();
        await machine.CallAsync(Machine.Response(remaining: 2, limit: 3));
        await machine.CallAsync(responded ? Machine.Response() : null);
        await machine.CallAsync(responded ? Machine.Response() : null);

        Assert.That(await machine.RefusalAsync(), Is.Not.Null.And.LessThanOrEqualTo(TimeSpan.FromMinutes(1)));
        await machine.SetAsync("quota:getChatMessage", "probe", TimeSpan.FromMilliseconds(-1));
        using var probe = await machine.AcquireAsync();
        Assert.That(probe.IsAcquired, "Only the local count says that the quota is used up.");
        await machine.SetAsync("quota:getChatMessage", "probe", TimeSpan.FromMilliseconds(-1));
        Assert.That(await machine.RefusalAsync(), Is.Not.Null, "One at a time.");
    }

    // Its time is known from a 420, or from the Date header alone.
    [TestCase(420, ChatsLimitKind.Hourly, -10)]
    [TestCase(200, ChatsLimitKind.Unknown, -10)]
    [TestCase(420, ChatsLimitKind.Hourly, -180)]
    [TestCase(420, ChatsLimitKind.Hourly, 180)]
    public async Task The_windows_follow_the_clock_of_the_service(int status, ChatsLimitKind kind, int minutes)
    {
        await using var machine = await StartAsync();
        var date = DateTimeOffset.UtcNow.AddMinutes(minutes);
        var end = date.AddMinutes(5);

        await machine.CallAsync(Machine.Response(status, remaining: 0, resetsAt: end, date: date, kind: kind));

        Assert.That(await machine.RefusalAsync(), Is.EqualTo(TimeSpan.FromMinutes(5)).Within(TimeSpan.FromSeconds(5)), "The clock of Redis is wrong.");
    }

    [Test]
    public async Task A_420_without_a_Date_for_an_hour_that_has_ended_here_is_asked_again_after_a_minute()
    {
        await using var machine = await StartAsync();

        await machine.CallAsync(Machine.Response(420, remaining: 0, resetsAt: DateTimeOffset.UtcNow.AddSeconds(-0.4), kind: ChatsLimitKind.Hourly));

        Assert.That(await machine.RefusalAsync(), Is.LessThanOrEqualTo(TimeSpan.FromMinutes(1)), "The clock of the service is behind.");
    }

    [Test]
    public async Task Each_renewal_adds_all_calls_in_progress_so_a_lost_or_late_one_costs_no_permit()
    {
        await using var machine = await StartAsync(LongLease);
        await using var other = await StartAsync(LongLease);
        await machine.AcquireAsync(4);
        foreach (var isLate in new[] { false, true })
        {
            await machine.ExpireLeasesAsync();
            using (isLate ? await other.AcquireAsync() : null)
            {
                Assert.That(await machine.InProgressAsync(), Is.EqualTo(isLate ? 1 : 4));
                await machine.Limiter.RenewAllAsync();
                Assert.That(await machine.InProgressAsync(), Is.EqualTo(isLate ? 5 : 4), "All four permits are held.");
                Assert.That(await machine.RefusalAsync(), Is.Null);
            }
        }
    }

    [Test]
    public async Task A_renewal_that_is_late_does_not_revive_the_permit_of_a_call_that_has_ended()
    {
        await using var machine = await StartAsync(LongLease);
        var ended = (RedisLease)await machine.AcquireAsync();
        using var other = await machine.AcquireAsync();
        ended.Dispose();
        await machine.SettledAsync();

        await machine.Limiter.RenewAsync(ended.Business, [ended.Member]);

        Assert.That(await machine.InProgressAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task The_permits_of_a_dead_process_are_released_and_its_calls_may_have_been_counted()
    {
        await using var dead = await StartAsync();
        await using var living = await StartAsync();
        await dead.AcquireAsync(4);
        Assert.That(await living.RefusalAsync(), Is.Null);
        await living.ExpireLeasesAsync();
        using var lease = await living.AcquireAsync();

        Assert.That((lease.IsAcquired, await living.UsedAsync()), Is.EqualTo((true, 4)));
    }

    [Test]
    public async Task The_keys_have_the_prefix_one_slot_no_secret_and_an_expiry_which_a_renewal_moves_for_the_epoch()
    {
        await using var machine = await StartAsync(LongLease);
        await machine.CallAsync(response: null);
        using var held = await machine.AcquireAsync(keyId: "0123456789ABCDEF");
        var connection = await (await SharedRedis.ServerAsync()).ConnectAsync();
        var redis = connection.GetDatabase();
        List<string> keys = [];
        await foreach (var key in connection.GetServers()[0].KeysAsync(pattern: $"{_prefix}*"))
        {
            Assert.That(key == $"{_prefix}epoch" || await redis.KeyTimeToLiveAsync(key) > TimeSpan.FromHours(1), (string)key!);
            Assert.That(System.Text.Encoding.Latin1.GetString((byte[])(await redis.KeyDumpAsync(key))!), Does.Not.Contain("0123456789ABCDEF"));
            keys.Add(key!);
        }

        keys.Remove($"{_prefix}epoch");
        Assert.That(keys, Has.Count.EqualTo(4).And.All.Match($"^{_prefix}\\{{[0-9a-f]{{32}}\\}}:(business|permits|(quota|unclear):getChatMessage)$"));
        Assert.That(keys.Select(key => connection.HashSlot(key)).Distinct(), Has.Exactly(1).Items);
        await redis.KeyExpireAsync($"{_prefix}epoch", TimeSpan.FromMinutes(10));
        await machine.Limiter.RenewAllAsync();
        Assert.That(
            await redis.KeyTimeToLiveAsync($"{_prefix}epoch"), Is.GreaterThan(TimeSpan.FromDays(29)), "Its absence would mean that Redis has lost its data.");
    }

    /// <summary>So that the timer does not renew during the test.</summary>
    private static void LongLease(ChatsRedisOptions options) => options.LeaseDuration = TimeSpan.FromMinutes(10);

    private async Task<Machine> StartAsync(Action<ChatsRedisOptions>? configure = null) =>
        await Machine.StartAsync(await SharedRedis.ServerAsync(), _prefix, configure: configure);
}
