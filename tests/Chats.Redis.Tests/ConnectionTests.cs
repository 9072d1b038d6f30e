namespace YandexMarket.Chats.Redis.Tests;

/// <summary>How our connection is opened, opened again and closed.</summary>
[Slow]
public sealed class ConnectionTests
{
    private readonly string _prefix = Machine.NewPrefix();

    [Test]
    public async Task A_connection_that_opens_after_the_container_was_disposed_is_closed()
    {
        var server = await SharedRedis.ServerAsync();
        var opens = new TaskCompletionSource<IConnectionMultiplexer>();
        var connection = new RedisConnection(() => opens.Task, isOurs: true);
        var waiting = connection.DatabaseAsync().AsTask();

        await connection.DisposeAsync();
        var late = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        opens.SetResult(late);
        await waiting;

        await Until.TrueAsync(() => !late.IsConnected);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connection.DatabaseAsync().AsTask());
    }

    [Test]
    public async Task A_connection_that_stays_with_a_demoted_master_is_opened_again()
    {
        await using var old = await RedisServer.StartAsync();
        await using var machine = await Machine.StartAsync(old, _prefix);
        (await machine.AcquireAsync()).Dispose();
        await machine.SettledAsync();
        await old.ExecuteAsync("CONFIG", "SET", "port", "0");
        await old.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        await using var next = await RedisServer.StartAsync("--port", $"{old.Port}");

        await machine.CallUntilRestoredAsync();

        Assert.That(machine.Logger.Collector.GetSnapshot()[0].Message, Does.Contain("READONLY"));
    }

    [TestCase(",password=wrong")]
    [TestCase(",user=nobody,password=secret")]
    [TestCase("")]
    public async Task The_warning_says_why_the_connection_could_not_be_opened(string login)
    {
        await using var server = await RedisServer.StartAsync("--requirepass", "secret");
        await using var machine = await Machine.StartAsync(server, _prefix, isNew: true, configuration: $"127.0.0.1:{server.Port}{login}");

        Assert.That((await machine.AcquireAsync()).IsAcquired, Is.False);

        var reason = $"AuthenticationFailure at 127.0.0.1:{server.Port}, RedisServerException";
        Assert.That(machine.Logger.Collector.GetSnapshot().Select(line => line.Message), Has.Exactly(1).Items.And.All.StartsWith($"Redis is unavailable ({reason});"));
    }

    [Test]
    public async Task If_the_reason_is_only_known_later_another_warning_names_it()
    {
        var server = await SharedRedis.ServerAsync(); // It has no TLS, so it does not respond to the handshake.
        await using var machine = await Machine.StartAsync(
            server, _prefix, isNew: true, options => options.CommandTimeout = TimeSpan.FromMilliseconds(50),
            $"127.0.0.1:{server.Port},ssl=true,connectTimeout=500");

        await machine.CallUntilAsync(() => Task.FromResult(machine.Logger.Collector.Count == 2));

        var warnings = machine.Logger.Collector.GetSnapshot().Select(line => line.Message).ToList();
        Assert.That(warnings[0], Does.StartWith("Redis is unavailable (TimeoutException);"));
        Assert.That(warnings[1], Does.Match($@"^Redis is unavailable \((AuthenticationFailure|UnableToConnect) at 127.0.0.1:{server.Port}"));
    }
}
