using StackExchange.Redis;

namespace YandexMarket.Chats.Redis;

/// <summary>The application's connection, or one that is opened with the first command.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private readonly ConfigurationOptions? _configuration;
    private readonly SemaphoreSlim _connecting = new(1);
    private volatile IConnectionMultiplexer? _connection;

    public RedisConnection(IConnectionMultiplexer connection) => _connection = connection;

    public RedisConnection(ConfigurationOptions configuration) => _configuration = configuration;

    /// <exception cref="ArgumentException">It cannot be parsed, or it names no end point.</exception>
    public static ConfigurationOptions Parse(string configuration)
    {
        ArgumentException.ThrowIfNullOrEmpty(configuration);
        var options = ConfigurationOptions.Parse(configuration);
        if (options.EndPoints.Count == 0)
        {
            throw new ArgumentException("The configuration must name an end point, such as redis:6379.", nameof(configuration));
        }

        // So that a host starts without Redis, and reconnects soon after an outage.
        options.AbortOnConnectFail = false;
        options.ReconnectRetryPolicy = new LinearRetry(1000);
        return options;
    }

    public ValueTask<IDatabase> DatabaseAsync() =>
        _connection is { } connection ? new(connection.GetDatabase()) : new(ConnectAsync());

    public async ValueTask DisposeAsync()
    {
        if (_configuration is not null && _connection is { } connection)
        {
            await connection.CloseAsync(allowCommandsToComplete: true).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _connecting.Dispose();
    }

    private async Task<IDatabase> ConnectAsync()
    {
        await _connecting.WaitAsync().ConfigureAwait(false);
        try
        {
            _connection ??= await ConnectionMultiplexer.ConnectAsync(_configuration!).ConfigureAwait(false);
            return _connection.GetDatabase();
        }
        finally
        {
            _connecting.Release();
        }
    }
}
