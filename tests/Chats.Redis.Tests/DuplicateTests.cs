using Microsoft.Extensions.Logging.Abstractions;

namespace YandexMarket.Chats.Redis.Tests;

/// <summary>What machines that get the same notification learn from Redis. How the receiver uses it is tested with the receiver.</summary>
[Slow]
public sealed class DuplicateTests
{
    private const string Id = "ChatMessageSent:1:2:3";

    private readonly string _prefix = Machine.NewPrefix();

    [Test]
    public async Task A_notification_that_one_machine_has_handled_is_dropped_by_another()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();

        Assert.That(await one.TryStartAsync(Id, CancellationToken.None));
        await one.EndAsync(Id, handled: true);

        Assert.That(await two.TryStartAsync(Id, CancellationToken.None), Is.False);
        Assert.That(await two.TryStartAsync("ChatMessageSent:1:2:4", CancellationToken.None), "Another one.");
        var redis = await SharedRedis.DatabaseAsync();
        Assert.That(await redis.KeyTimeToLiveAsync($"{_prefix}notification:{Id}"), Is.GreaterThan(TimeSpan.FromMinutes(59)));
    }

    [Test]
    public async Task A_handled_notification_is_remembered_even_if_the_memory_of_Redis_is_full_meanwhile()
    {
        await using var server = await RedisServer.StartAsync();
        await using var machine = await StartAsync(server);

        await machine.TryStartAsync(Id, CancellationToken.None);
        await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "1mb");
        await machine.EndAsync(Id, handled: true);

        Assert.That($"{await server.ExecuteAsync("GET", $"{_prefix}notification:{Id}")}", Is.EqualTo("handled"));
    }

    [Test]
    public async Task While_one_machine_handles_it_the_other_waits_for_the_outcome([Values] bool handled)
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();

        await one.TryStartAsync(Id, CancellationToken.None);
        var second = two.TryStartAsync(Id, CancellationToken.None);
        await Task.WhenAny(second, Task.Delay(300, CancellationToken.None));
        Assert.That(second.IsCompleted, Is.False);
        await one.EndAsync(Id, handled);

        Assert.That(await second, Is.EqualTo(!handled), "If it failed there, it is handled here.");
    }

    [Test]
    public async Task Without_Redis_a_notification_is_rejected_or_handled_by_each_machine([Values] ChatsRedisFallback policy)
    {
        await using var server = await RedisServer.StartAsync();
        await server.KillAsync();
        await using var machine = await StartAsync(server, options => (options.WhenUnavailable, options.CommandTimeout) = (policy, TimeSpan.FromSeconds(1)));

        for (var attempt = 0; attempt < 2; attempt++)
        {
            await Assert.ThatAsync(
                () => machine.TryStartAsync(Id, CancellationToken.None), policy == ChatsRedisFallback.Local ? Is.True : Throws.InvalidOperationException);
            await Assert.ThatAsync(() => machine.EndAsync(Id, handled: true), Throws.Nothing);
        }
    }

    /// <summary>With a long timeout, for busy machines.</summary>
    private async Task<RedisDuplicates> StartAsync(RedisServer? server = null, Action<ChatsRedisOptions>? configure = null)
    {
        var options = ChatsRedisOptions.Create(
            (options => (options.KeyPrefix, options.CommandTimeout) = (_prefix, TimeSpan.FromSeconds(30))) + configure);
        var connection = RedisConnection.Parse((server ?? await SharedRedis.ServerAsync()).Configuration);
        return new(new RedisStore(new RedisConnection(connection, options.CommandTimeout), options, NullLogger.Instance), options);
    }
}
