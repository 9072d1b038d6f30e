namespace YandexMarket.Chats.Redis.Tests;

/// <summary>When Redis has lost its data, no call exceeds the limits.</summary>
[Slow]
public sealed class LossTests
{
    private readonly string _prefix = Machine.NewPrefix();

    // Seconds since another business was the first to be called after the loss; the lease lasts 10 of them, and the quota's window 3600.
    [TestCase(1, 0)]
    [TestCase(20, 1)]
    [TestCase(3590, 1)]
    [TestCase(3620, 4)]
    public async Task How_many_parallel_calls_a_forgotten_business_may_make(int seconds, int atOnce)
    {
        await using var machine = await StartAsync();
        var redis = await SharedRedis.DatabaseAsync();
        await redis.StringSetAsync($"{_prefix}epoch", DateTimeOffset.UtcNow.AddSeconds(-seconds).ToUnixTimeMilliseconds());

        Assert.That((await machine.AcquireAsync(4)).Count(it => it.IsAcquired), Is.EqualTo(atOnce));
    }

    [Test]
    public async Task After_the_clock_of_Redis_was_set_back_no_call_waits_until_it_has_caught_up()
    {
        var (hour, lease) = (TimeSpan.FromHours(1), TimeSpan.FromMinutes(10)); // So long that the timer does not renew.
        await using var machine = await StartAsync(options => options.LeaseDuration = lease);
        var redis = (await (await SharedRedis.ServerAsync()).ConnectAsync()).GetDatabase();
        await machine.CallAsync(Machine.Response(remaining: 900));

        await machine.SetAsync("business", "hold", hour);
        Assert.That(await machine.RefusalAsync(), Is.LessThanOrEqualTo(lease));
        Assert.That(await machine.GetAsync("business", "hold"), Is.LessThan(Future(lease)), "It does not move with the clock.");
        await machine.SetAsync("business", "hold", -hour);

        _ = await machine.AcquireAsync();
        await machine.SetLeasesAsync(hour);
        (await machine.AcquireAsync()).Dispose();
        var permit = (await redis.SortedSetRangeByRankWithScoresAsync(await machine.KeyAsync("permits"))).First();
        Assert.That(permit.Score, Is.LessThan(Future(lease)));
        await machine.ExpireLeasesAsync();

        await machine.SetAsync("quota:getChatMessage", "doubt", hour);
        await machine.CallAsync(Machine.Response(remaining: 800));
        Assert.That(await machine.GetAsync("quota:getChatMessage", "doubt"), Is.Zero, "A response has reported the remaining quota.");

        await machine.CallAsync(Machine.Response(remaining: 1)); // The call whose lease has expired may have used it.
        await machine.SetAsync("quota:getChatMessage", "probe", hour);
        Assert.That(await machine.RefusalAsync(), Is.LessThanOrEqualTo(TimeSpan.FromMinutes(1)));

        await machine.SetAsync("business", "lost", hour);
        await machine.CallAsync(Machine.Response(remaining: 1), ChatsOperations.SendMessageToChat);
        Assert.That(await machine.GetAsync("quota:sendMessageToChat", "doubt"), Is.Zero);

        await redis.StringSetAsync($"{_prefix}epoch", Future(hour));
        using var other = await machine.AcquireAsync(business: 2);
        Assert.That(other.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : default, Is.LessThanOrEqualTo(lease));
        Assert.That((long)await redis.StringGetAsync($"{_prefix}epoch"), Is.LessThanOrEqualTo(Future(TimeSpan.Zero)));

        static long Future(TimeSpan fromNow) => DateTimeOffset.UtcNow.Add(fromNow).ToUnixTimeMilliseconds() + 1;
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task After_a_loss_one_call_asks_the_service_for_the_remaining_quota(bool knowsTheBusiness)
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await one.CallAsync(Machine.Response(remaining: 500));

        await LoseAsync();
        var machine = knowsTheBusiness ? one : two;
        Assert.That(
            await machine.RefusalAsync(), Is.GreaterThan(TimeSpan.FromSeconds(5)).And.LessThanOrEqualTo(TimeSpan.FromSeconds(10)),
            "Earlier calls may still be in progress, for the lease duration.");
        await machine.SetAsync("business", "hold", TimeSpan.FromMilliseconds(-1));

        using (var probe = await one.AcquireAsync())
        {
            Assert.That(probe.IsAcquired);
            Assert.That(await two.RefusalAsync(), Is.Null, "One at a time.");
            one.Limiter.Report(probe, Machine.Call(), Machine.Response(remaining: 497));
        }

        using var first = await one.AcquireAsync();
        using var second = await one.AcquireAsync();
        Assert.That((first.IsAcquired, second.IsAcquired, await one.UsedAsync()), Is.EqualTo((true, true, 503)));
    }

    [Test]
    public async Task A_renewal_notices_the_loss_and_adds_its_call_again()
    {
        await using var one = await StartAsync(options => options.LeaseDuration = TimeSpan.FromSeconds(3));
        await using var two = await StartAsync(options => options.LeaseDuration = TimeSpan.FromSeconds(3));
        using var lease = await one.AcquireAsync();

        var redis = await LoseAsync();
        var permits = $"{_prefix}*permits";
        await Until.TrueAsync(() => redis.Multiplexer.GetServers()[0].Keys(pattern: permits).Any());

        Assert.That(await two.RefusalAsync(), Is.GreaterThan(TimeSpan.Zero));
        Assert.That(await redis.SortedSetLengthAsync(await two.KeyAsync("permits")), Is.EqualTo(1));
    }

    [Test]
    public async Task The_end_of_a_call_does_not_recreate_lost_state()
    {
        await using var machine = await StartAsync();
        using (var lease = await machine.AcquireAsync())
        {
            await LoseAsync();
            machine.Limiter.Report(lease, Machine.Call(), Machine.Response(remaining: 500, date: DateTimeOffset.UtcNow));
        }

        Assert.That(await machine.RefusalAsync(), Is.GreaterThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task In_the_next_window_the_count_is_certain_again()
    {
        await using var machine = await StartAsync();
        await machine.CallAsync(response: null);
        await LoseAsync();
        await machine.RefusalAsync();
        await machine.SetAsync("business", "hold", TimeSpan.FromMilliseconds(-1));
        await machine.SetAsync("quota:getChatMessage", "ends", TimeSpan.FromMilliseconds(-1));

        using var first = await machine.AcquireAsync();
        using var second = await machine.AcquireAsync();

        Assert.That((first.IsAcquired, second.IsAcquired), Is.EqualTo((true, true)));
    }

    private async Task<Machine> StartAsync(Action<ChatsRedisOptions>? configure = null) =>
        await Machine.StartAsync(await SharedRedis.ServerAsync(), _prefix, configure: configure);

    /// <summary>What FLUSHALL does, to the keys of this test alone.</summary>
    private async Task<StackExchange.Redis.IDatabase> LoseAsync()
    {
        var connection = await (await SharedRedis.ServerAsync()).ConnectAsync();
        var redis = connection.GetDatabase();
        await redis.KeyDeleteAsync(await connection.GetServers()[0].KeysAsync(pattern: $"{_prefix}*").ToArrayAsync());
        return redis;
    }
}
