using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace YandexMarket.Chats.Redis.Tests;

/// <summary>Outages, and what Redis refuses. A test that stops Redis has its own.</summary>
[Slow]
public sealed class OutageTests
{
    private readonly string _prefix = Machine.NewPrefix();

    [Test]
    public async Task Without_Redis_calls_fail_within_the_timeout_and_it_is_logged_once()
    {
        await using var server = await RedisServer.StartAsync();
        await using var machine = await Machine.StartAsync(server, _prefix, configure: options => options.CommandTimeout = TimeSpan.FromSeconds(3));
        (await machine.AcquireAsync()).Dispose();
        await server.KillAsync();

        for (var call = 0; call < 20; call++)
        {
            using var lease = await machine.AcquireAsync(maxWait: TimeSpan.FromSeconds(30)).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.That(lease.IsAcquired, Is.False);
            Assert.That(lease.TryGetMetadata(MetadataName.ReasonPhrase, out var reason) ? reason : "", Does.Contain("Redis"));
            Assert.That(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : default, Is.EqualTo(TimeSpan.FromSeconds(1)));
        }

        await server.RestartAsync();
        await (await server.ConnectAsync()).GetDatabase().StringSetAsync($"{_prefix}epoch", 1);
        await machine.CallUntilRestoredAsync();
        Assert.That(machine.Logger.Collector.GetSnapshot().Select(line => line.Level), Is.EqualTo([LogLevel.Warning, LogLevel.Information]));
    }

    [Test]
    public async Task With_the_local_policy_the_process_uses_its_share_and_one_call_finds_Redis_again()
    {
        await using var server = await RedisServer.StartAsync();
        await using var machine = await Machine.StartAsync(server, _prefix, configure: Local);
        await machine.CallAsync(Machine.Response(remaining: 900));
        await server.PauseAsync();

        using var first = await machine.AcquireAsync(maxWait: TimeSpan.FromSeconds(30));
        using var second = await machine.AcquireAsync(ChatsOperations.SendMessageToChat);
        Assert.That((first.IsAcquired, second.IsAcquired), Is.EqualTo((true, true)), "Two of four, for one of two processes.");
        Assert.That((await machine.AcquireAsync()).IsAcquired, Is.False);

        await server.ResumeAsync();
        await machine.CallUntilRestoredAsync(ChatsOperations.SendMessageToChat);

        // A late reply is enough for that line; the calls made during the outage are entered by the next call that Redis responds to.
        await machine.CallUntilAsync(async () => await machine.InProgressAsync() >= 2, ChatsOperations.SendMessageToChat);
        await machine.CallUntilAsync(async () => await machine.GetAsync("quota:getChatMessage", "doubt") > 0);
        Assert.That(await machine.GetAsync("quota:sendMessageToChat", "doubt"), Is.GreaterThan(0), "Both operations were called without Redis.");
    }

    [Test]
    public async Task An_outage_is_noticed_even_if_every_call_waits_for_less_than_the_command_timeout()
    {
        await using var server = await RedisServer.StartAsync();
        await using var machine = await Machine.StartAsync(server, _prefix, configure: Local);
        (await machine.AcquireAsync()).Dispose();
        await machine.SettledAsync();
        await server.PauseAsync();

        using var canceled = new CancellationTokenSource();
        var call = machine.AcquireAsync(cancellationToken: canceled.Token).AsTask();
        await canceled.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);

        await Until.TrueAsync(() => machine.Logger.Collector.Count > 0);
        Assert.That(machine.Logger.Collector.LatestRecord.Level, Is.EqualTo(LogLevel.Warning));
        using var local = await machine.AcquireAsync();
        Assert.That(local.IsAcquired, "From the local share.");
    }

    [Test]
    public async Task Without_Redis_concurrent_calls_do_not_get_the_same_permit()
    {
        await using var server = await RedisServer.StartAsync();
        await server.KillAsync();
        await using var machine = await Machine.StartAsync(server, _prefix, isNew: true, configure: Local);
        using var first = await machine.AcquireAsync(maxWait: TimeSpan.FromSeconds(30));

        for (var round = 0; round < 400; round++)
        {
            using var together = new Barrier(2);
            var leases = await Task.WhenAll(ChatsOperations.All.Select(operation => Task.Run(() =>
            {
                together.SignalAndWait(TimeSpan.FromSeconds(10));
                return machine.AcquireAsync(operation).AsTask();
            })));
            var acquired = leases.Count(lease => lease.IsAcquired);
            Array.ForEach(leases, lease => lease.Dispose());
            Assert.That(acquired, Is.EqualTo(1), "One of the two permits is in use.");
        }
    }

    [Test]
    public async Task On_a_cluster_a_call_takes_two_round_trips()
    {
        await using var server = await RedisServer.StartAsync("--cluster-enabled", "yes");
        await server.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await Until.TrueAsync(async () => $"{await server.ExecuteAsync("CLUSTER", "INFO")}".Contains("cluster_state:ok", StringComparison.Ordinal));
        // A long lease, so that no renewal is counted.
        await using var machine = await Machine.StartAsync(server, _prefix, configure: options => options.LeaseDuration = TimeSpan.FromMinutes(10));
        await machine.CallAsync(Machine.Response(remaining: 900));
        await machine.CallAsync(Machine.Response(remaining: 899), ChatsOperations.SendMessageToChat);
        await server.ExecuteAsync("CONFIG", "RESETSTAT");

        for (var call = 0; call < 10; call++)
        {
            await machine.CallAsync(Machine.Response(remaining: 800 - call));
        }

        var statistics = (string?)await server.ExecuteAsync("INFO", "commandstats");
        Assert.That(await machine.UsedAsync(), Is.EqualTo(209));
        Assert.That(statistics, Does.Match("cmdstat_evalsha:calls=20,").And.Not.Contain("cmdstat_eval:").And.Not.Contain("cmdstat_script"));

        await server.ExecuteAsync("SCRIPT", "FLUSH");
        await machine.CallAsync(Machine.Response(remaining: 700));
        Assert.That(await machine.UsedAsync(), Is.EqualTo(300), "A server that has lost the scripts gets them again.");
        Assert.That(machine.Logger.Collector.Count, Is.Zero);

        await server.ExecuteAsync("CLUSTER", "DELSLOTSRANGE", "0", "16383");
        await Until.TrueAsync(async () => $"{await server.ExecuteAsync("CLUSTER", "INFO")}".Contains("cluster_state:fail", StringComparison.Ordinal));
        using var first = await machine.AcquireAsync();
        using var second = await machine.AcquireAsync();
        Assert.That((first.IsAcquired, second.IsAcquired), Is.EqualTo((false, false)));
        Assert.That(machine.Logger.Collector.GetSnapshot().Select(line => line.Message), Has.Exactly(1).Items.And.All.StartsWith("Redis refused a command (CLUSTERDOWN"));
    }

    [Test]
    public async Task If_the_memory_of_Redis_is_full_only_what_needs_another_key_is_rejected()
    {
        await using var server = await RedisServer.StartAsync();
        await using var machine = await Machine.StartAsync(server, _prefix);
        using var held = await machine.AcquireAsync();
        await machine.ExpireLeasesAsync();
        await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "1mb");

        await machine.Limiter.RenewAllAsync();
        var permits = await (await server.ConnectAsync()).GetDatabase().SortedSetRangeByRankWithScoresAsync(await machine.KeyAsync("permits"));
        Assert.That(permits.Single().Score, Is.GreaterThan(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), "A call in progress keeps its permit.");

        for (var round = 0; round < 2; round++)
        {
            using var unknown = await machine.AcquireAsync(business: 2);
            using var known = await machine.AcquireAsync();
            Assert.That((unknown.IsAcquired, known.IsAcquired), Is.EqualTo((false, true)));
        }

        Assert.That(machine.Logger.Collector.GetSnapshot().Select(line => line.Message), Has.Exactly(1).Items.And.All.StartsWith("Redis refused a command (OOM"));
        await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        using var again = await machine.AcquireAsync(business: 2);
        Assert.That(again.IsAcquired);
    }

    [TestCase("volatile-ttl", "100mb", true)]
    [TestCase("allkeys-lru", "100mb", true)]
    [TestCase("allkeys-lru", "0", false)]
    [TestCase("noeviction", "100mb", false)]
    public async Task A_Redis_that_evicts_keys_is_logged_once(string policy, string memory, bool evicts)
    {
        await using var server = await RedisServer.StartAsync("--maxmemory-policy", policy, "--maxmemory", memory);
        var options = ChatsRedisOptions.Create(options => options.CommandTimeout = TimeSpan.FromSeconds(30));
        var log = new FakeLogger();
        await using var store = new RedisStore(new RedisConnection(RedisConnection.Parse(server.Configuration), options.CommandTimeout), options, log);
        for (var call = 0; call < 2; call++)
        {
            Assert.That(await store.EvaluateAsync("return 1", [], [], late: null, CancellationToken.None), Is.Not.Null);
            await store.EvictionCheck;
        }

        Assert.That(log.Collector.GetSnapshot().Select(line => $"{line.Level} {line.Message}"), evicts
            ? Is.EqualTo([$"Warning When its memory is full, Redis evicts keys ({policy}), so counts are lost: set maxmemory-policy to noeviction"])
            : Is.Empty);
    }

    [Test]
    public async Task A_connection_of_the_application_is_used_and_stays_open()
    {
        var server = await SharedRedis.ServerAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        await connection.GetDatabase().StringSetAsync($"{_prefix}epoch", 1);
        var service = new StubHandler();
        await using (var provider = Build(
            client =>
            {
                client.Services.AddSingleton<IConnectionMultiplexer>(connection);
                client.UseRedisLimits(
                    services => services.GetRequiredService<IConnectionMultiplexer>(),
                    options => (options.KeyPrefix, options.CommandTimeout) = (_prefix, TimeSpan.FromSeconds(30)));
            },
            service))
        {
            await provider.GetRequiredService<IChatsClient>().GetChatMessageAsync(1, 2, 3);
        }

        Assert.That(service.Calls, Is.EqualTo(1));
        Assert.That(await connection.GetDatabase().PingAsync(), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public async Task A_host_starts_without_Redis_and_its_calls_fail_with_the_reason_and_send_nothing_until_Redis_starts()
    {
        await using var server = await RedisServer.StartAsync();
        await server.KillAsync();
        var service = new StubHandler();
        await using var provider = Build(services => services.UseRedisLimits(server.Configuration), service);

        var thrown = await Assert.ThrowsAsync<ChatsQuotaException>(
            () => provider.GetRequiredService<IChatsClient>().SendMessageToChatAsync(1, 2, "text"));

        Assert.That((thrown!.MayHaveBeenSent, thrown.IsTransient, thrown.RetryAfter, service.Calls), Is.EqualTo((false, true, TimeSpan.FromSeconds(1), 0)));
        Assert.That(thrown.Message, Does.Contain("Redis, which stores the limits, is unavailable"));

        await server.RestartAsync();
        await (await server.ConnectAsync()).GetDatabase().StringSetAsync("chats:epoch", 1);
        await Until.TrueAsync(async () =>
        {
            try
            {
                await provider.GetRequiredService<IChatsClient>().GetChatMessageAsync(1, 2, 3);
                return true;
            }
            catch (ChatsQuotaException)
            {
                return false;
            }
        });
    }

    [Test]
    public async Task The_rights_of_the_page_are_enough()
    {
        await using var server = await RedisServer.StartAsync();
        var command = Pages.Read("docs/scaling.md").Blocks.Single(block => block.Text.StartsWith("ACL ", StringComparison.Ordinal)).Text;
        await server.ExecuteAsync("ACL", [.. command.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)[1..]]);
        await (await server.ConnectAsync()).GetDatabase(1).StringSetAsync("chats:epoch", 1);
        var log = new FakeLogger();
        var options = ChatsRedisOptions.Create(options => options.CommandTimeout = TimeSpan.FromSeconds(30));
        RedisStore Store() => new(new RedisConnection(RedisConnection.Parse($"127.0.0.1:{server.Port},user=chats,password=secret,defaultDatabase=1"), options.CommandTimeout), options, log);
        await using var limiter = new RedisLimiter(Store(), options, RedisTimes.OfService, TimeProvider.System);
        await using var duplicates = new RedisDuplicates(Store(), options);

        for (var call = 0; call < 2; call++)
        {
            using var lease = await limiter.AcquireAsync(Machine.Call());
            Assert.That(lease.IsAcquired);
            await limiter.RenewAllAsync();
            if (call == 0)
            {
                limiter.Report(lease, Machine.Call(), Machine.Response(remaining: 500, date: DateTimeOffset.UtcNow));
            }
        }

        Assert.That(await duplicates.TryStartAsync("one", CancellationToken.None));
        await duplicates.EndAsync("one", handled: false);
        Assert.That(await duplicates.TryStartAsync("one", CancellationToken.None));
        await duplicates.EndAsync("one", handled: true);
        Assert.That(await duplicates.TryStartAsync("one", CancellationToken.None), Is.False);
        var denied = ((RedisResult[])(await server.ExecuteAsync("ACL", "LOG"))!).Select(entry => $"{entry.ToDictionary()["object"]}");
        Assert.That(denied, Is.EqualTo(["config|get"]));
        Assert.That(log.Collector.GetSnapshot().Select(line => line.Message), Is.Empty);
        Assert.That($"{await server.ExecuteAsync("INFO", "keyspace")}", Does.Contain("db1:").And.Not.Contain("db0:"));
    }

    private static void Local(ChatsRedisOptions options) =>
        (options.WhenUnavailable, options.ExpectedReplicas, options.CommandTimeout) = (ChatsRedisFallback.Local, 2, TimeSpan.FromSeconds(2));

    private static ServiceProvider Build(Action<IHttpClientBuilder> use, StubHandler service)
    {
        var services = new ServiceCollection();
        use(services.AddChatsClient(options => options.ApiKey = "key").ConfigurePrimaryHttpMessageHandler(() => service));
        return services.BuildServiceProvider();
    }
}
