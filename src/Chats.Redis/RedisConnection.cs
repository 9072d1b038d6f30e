using StackExchange.Redis;

namespace YandexMarket.Chats.Redis;

/// <summary>The application's connection, or one that is opened with the first command.</summary>
/// <param name="connect">Opens the connection.</param>
/// <param name="isOurs">Whether the connection is closed with this object.</param>
internal sealed class RedisConnection(Func<Task<IConnectionMultiplexer>> connect, bool isOurs) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<IConnectionMultiplexer>? _connection;
    private bool _isDisposed;

    public RedisConnection(Func<IConnectionMultiplexer> connection)
        : this(() => Task.Run(connection), isOurs: false)
    {
    }

    public RedisConnection(ConfigurationOptions configuration)
        : this(async () => await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false), isOurs: true)
    {
    }

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

    public async ValueTask<IDatabase> DatabaseAsync()
    {
        Task<IConnectionMultiplexer> connection;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            connection = _connection is null or { IsFaulted: true } ? _connection = connect() : _connection;
        }

        return (await connection.ConfigureAwait(false)).GetDatabase();
    }

    public async ValueTask DisposeAsync()
    {
        Task<IConnectionMultiplexer>? connection;
        lock (_gate)
        {
            (connection, _isDisposed) = (_connection, true);
        }

        if (isOurs && connection is not null)
        {
            var closing = CloseAsync(connection);
            // A connection that is still being opened is closed later: a Redis that does not respond must not delay disposal.
            await (connection.IsCompleted ? closing : Task.CompletedTask).ConfigureAwait(false);
        }
    }

    private static async Task CloseAsync(Task<IConnectionMultiplexer> opening)
    {
        try
        {
            var connection = await opening.ConfigureAwait(false);
            await connection.CloseAsync(allowCommandsToComplete: true).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It was never opened, or is broken already.
        }
    }
}
