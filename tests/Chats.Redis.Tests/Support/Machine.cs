using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace YandexMarket.Chats.Redis.Tests;

/// <summary>A limiter with its own connection, as on one machine; and access to its state in Redis.</summary>
internal sealed class Machine : IAsyncDisposable
{
    private static readonly Uri _service = new("https://api.example.com/v2/");

    private readonly RedisServer _server;
    private readonly RedisConnection _connection;
    private readonly string _prefix;

    private Machine(RedisServer server, string? configuration, ChatsRedisOptions options)
    {
        (_server, _prefix) = (server, options.KeyPrefix);
        _connection = new RedisConnection(RedisConnection.Parse(configuration ?? server.Configuration), options.CommandTimeout);
        var store = new RedisStore(_connection, options, Logger);
        Limiter = new RedisLimiter(store, options, RedisTimes.OfService, TimeProvider.System);
    }

    public FakeLogger Logger { get; } = new();

    public RedisLimiter Limiter { get; }

    public static string NewPrefix() => $"{Guid.NewGuid():N}:";

    /// <summary>
    /// All machines of a test have the same prefix; a new one has never been used. The command timeout is long, for busy machines, unless the test
    /// changes it.
    /// </summary>
    public static async Task<Machine> StartAsync(
        RedisServer server, string prefix, bool isNew = false, Action<ChatsRedisOptions>? configure = null, string? configuration = null)
    {
        await Until.TrueAsync(() => NextHour - DateTimeOffset.UtcNow > TimeSpan.FromSeconds(15)); // So that no new hour begins during a test.
        if (!isNew)
        {
            await (await server.ConnectAsync()).GetDatabase().StringSetAsync($"{prefix}epoch", 1);
        }

        return new Machine(server, configuration, ChatsRedisOptions.Create(options =>
        {
            (options.KeyPrefix, options.CommandTimeout) = (prefix, TimeSpan.FromSeconds(30));
            configure?.Invoke(options);
        }));
    }

    public static ChatsCall Call(ChatsOperation? operation = null, TimeSpan? maxWait = null, long business = 1, string keyId = "K") =>
        new(operation ?? ChatsOperations.GetChatMessage, _service, business, keyId, maxWait ?? TimeSpan.Zero);

    public ValueTask<RateLimitLease> AcquireAsync(
        ChatsOperation? operation = null, TimeSpan? maxWait = null, long business = 1, string keyId = "K", CancellationToken cancellationToken = default) =>
        Limiter.AcquireAsync(Call(operation, maxWait, business, keyId), 1, cancellationToken);

    /// <summary>Asks for some permits, one after the other, and keeps them.</summary>
    public async Task<IReadOnlyList<RateLimitLease>> AcquireAsync(int count)
    {
        var leases = new RateLimitLease[count];
        for (var call = 0; call < count; call++)
        {
            leases[call] = await AcquireAsync();
        }

        return leases;
    }

    public async Task<TimeSpan?> RefusalAsync(ChatsOperation? operation = null)
    {
        using var lease = await AcquireAsync(operation);
        Assert.That(lease.IsAcquired, Is.False);
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : null;
    }

    /// <summary>Waits until Redis has processed all commands of this machine.</summary>
    public async Task SettledAsync() => await (await _connection.DatabaseAsync()).PingAsync();

    /// <summary>Makes a call that ends with this response; null: without a response.</summary>
    public async Task CallAsync(ChatsResponseInfo? response, ChatsOperation? operation = null)
    {
        using (var lease = await AcquireAsync(operation, TimeSpan.FromSeconds(5)))
        {
            Assert.That(lease.IsAcquired);
            if (response is not null)
            {
                Limiter.Report(lease, Call(operation), response);
            }
        }

        await SettledAsync();
    }

    public Task CallUntilAsync(Func<Task<bool>> condition, ChatsOperation? operation = null) => Until.TrueAsync(async () =>
    {
        (await AcquireAsync(operation)).Dispose();
        return await condition();
    });

    /// <summary>Makes calls until the log says that Redis is available again.</summary>
    public Task CallUntilRestoredAsync(ChatsOperation? operation = null) => CallUntilAsync(
        () => Task.FromResult(Logger.Collector.GetSnapshot().Any(line => line.Level == LogLevel.Information)), operation);

    public static ChatsResponseInfo Response(
        int status = 200, int? remaining = null, int limit = 1000, DateTimeOffset? resetsAt = null, DateTimeOffset? date = null, ChatsLimitKind kind = default) =>
        new(ChatsOperations.GetChatMessage, status, null,
            remaining is null ? null : new ChatsRateLimit(limit, remaining, resetsAt ?? NextHour), date, kind);

    public static DateTimeOffset NextHour => new((DateTime.UtcNow.Ticks / TimeSpan.TicksPerHour + 1) * TimeSpan.TicksPerHour, TimeSpan.Zero);

    public async Task<RedisKey> KeyAsync(string name) => (await KeysAsync(name)).Single();

    /// <summary>How many calls Redis knows to be in progress.</summary>
    public async Task<long> InProgressAsync() => await KeysAsync("permits") is [var permits]
        ? await (await _server.ConnectAsync()).GetDatabase().SortedSetLengthAsync(permits)
        : 0;

    private async Task<List<RedisKey>> KeysAsync(string name) =>
        await (await _server.ConnectAsync()).GetServers()[0].KeysAsync(pattern: $"{_prefix}*{name}").ToListAsync();

    /// <summary>How many calls count as used.</summary>
    public async Task<long> UsedAsync()
    {
        var redis = (await _server.ConnectAsync()).GetDatabase();
        var quota = (await redis.HashGetAllAsync(await KeyAsync("quota:getChatMessage"))).ToDictionary(it => (string)it.Name!, it => (long)it.Value);
        var unclear = (string)(await KeyAsync("quota:getChatMessage"))!;
        return Math.Max(quota["reported"] + await redis.SortedSetLengthAsync(unclear.Replace("quota:", "unclear:", StringComparison.Ordinal)), quota["certain"]);
    }

    public async Task<long> GetAsync(string name, string field) => (long)await (await _server.ConnectAsync()).GetDatabase().HashGetAsync(await KeyAsync(name), field);

    /// <summary>Changes a time in the state, because the clock of Redis cannot be changed.</summary>
    public async Task SetAsync(string name, string field, TimeSpan fromNow) => await (await _server.ConnectAsync()).GetDatabase()
        .HashSetAsync(await KeyAsync(name), field, DateTimeOffset.UtcNow.Add(fromNow).ToUnixTimeMilliseconds());

    /// <summary>Lets the leases of all calls in progress expire, as after a crash.</summary>
    public Task ExpireLeasesAsync() => SetLeasesAsync(TimeSpan.FromMilliseconds(-1));

    /// <summary>Changes when the leases of all calls in progress expire.</summary>
    public async Task SetLeasesAsync(TimeSpan fromNow)
    {
        var redis = (await _server.ConnectAsync()).GetDatabase();
        var permits = await KeyAsync("permits");
        var members = await redis.SortedSetRangeByRankAsync(permits);
        await redis.SortedSetAddAsync(permits, [.. members.Select(it => new SortedSetEntry(it, DateTimeOffset.UtcNow.Add(fromNow).ToUnixTimeMilliseconds()))]);
    }

    public ValueTask DisposeAsync() => Limiter.DisposeAsync();
}
