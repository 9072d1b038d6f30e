using System.Diagnostics;
using StackExchange.Redis;

namespace YandexMarket.Chats.Redis;

/// <summary>The application's connection, or one that is opened with the first command.</summary>
/// <param name="connect">Opens the connection.</param>
/// <param name="isOurs">Whether the connection is closed with this object.</param>
/// <param name="endPoints">What it connects to, for the log.</param>
internal sealed class RedisConnection(Func<Task<IConnectionMultiplexer>> connect, bool isOurs, string endPoints = "") : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<IConnectionMultiplexer>? _connection;
    private long _openedAt;
    private bool _isDisposed;

    public RedisConnection(Func<IConnectionMultiplexer> connection)
        : this(() => Task.Run(connection), isOurs: false)
    {
    }

    public RedisConnection(ConfigurationOptions configuration, TimeSpan commandTimeout)
        : this(
            async () => await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false),
            isOurs: true,
            string.Join(", ", configuration.EndPoints.Select(EndPointCollection.ToString)))
    {
        configuration.AsyncTimeout = Math.Max(configuration.AsyncTimeout, (int)commandTimeout.TotalMilliseconds);
    }

    /// <summary>Why our connection does not work, without secrets; null if it works, or if that is unknown.</summary>
    public string? Failure { get; private set; }

    /// <exception cref="ArgumentException">It cannot be parsed, is a URL, or names no end point.</exception>
    public static ConfigurationOptions Parse(string configuration)
    {
        ArgumentException.ThrowIfNullOrEmpty(configuration);
        if (configuration.StartsWith("redis://", StringComparison.OrdinalIgnoreCase)
            || configuration.StartsWith("rediss://", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                "The configuration must not be a URL: write redis:6379,user=…,password=…, and for TLS also ssl=true.", nameof(configuration));
        }

        var options = ConfigurationOptions.Parse(configuration);
        if (options.EndPoints.Count == 0)
        {
            throw new ArgumentException("The configuration must name an end point, such as redis:6379.", nameof(configuration));
        }

        // So that opening it fails with the reason, and the next command tries again; and it reconnects soon after an outage.
        options.AbortOnConnectFail = true;
        options.ReconnectRetryPolicy = new LinearRetry(1000);
        return options;
    }

    public async ValueTask<IDatabase> DatabaseAsync() => (await OpenAsync().ConfigureAwait(false)).GetDatabase();

    public async Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] arguments)
    {
        var connection = OpenAsync();
        try
        {
            return await (await connection.ConfigureAwait(false)).GetDatabase().ScriptEvaluateAsync(script, keys, arguments).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ObjectDisposedException ||
            (exception is RedisServerException && exception.Message.Contains("READONLY ", StringComparison.Ordinal)))
        {
            // The application has disposed it, or it stays with a master that was demoted: the next command needs another one.
            Forget(connection);
            throw;
        }
    }

    /// <summary>Which keys Redis evicts when its memory is full; null if it evicts none, or if that is unknown.</summary>
    public async Task<string?> EvictionPolicyAsync()
    {
        var server = (await OpenAsync().ConfigureAwait(false)).GetServers().FirstOrDefault(it => it is { IsConnected: true, IsReplica: false });
        var groups = server is null ? [] : await server.InfoAsync("memory").ConfigureAwait(false);
        var memory = groups.SelectMany(group => group).ToDictionary(line => line.Key, line => line.Value);
        var policy = memory.GetValueOrDefault("maxmemory_policy");
        return policy == "noeviction" || memory.GetValueOrDefault("maxmemory") == "0" ? null : policy;
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

    private Task<IConnectionMultiplexer> OpenAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_connection is null or { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                (_connection, _openedAt) = (OpenNewAsync(), Stopwatch.GetTimestamp());
            }

            return _connection;
        }
    }

    private async Task<IConnectionMultiplexer> OpenNewAsync()
    {
        try
        {
            var connection = await connect().ConfigureAwait(false);
            Failure = null;
            if (isOurs)
            {
                connection.ConnectionFailed += (_, failed) =>
                    Failure = Describe(failed.FailureType, EndPointCollection.ToString(failed.EndPoint), failed.Exception);
                connection.ConnectionRestored += (_, _) => Failure = null;
            }

            return connection;
        }
        catch (RedisConnectionException exception) when (isOurs)
        {
            Failure = Describe(exception.FailureType, endPoints, exception);
            throw;
        }
    }

    private static string Describe(ConnectionFailureType type, string? endPoint, Exception? exception) =>
        $"{type} at {endPoint}{(exception?.InnerException is { } inner ? $", {inner.GetType().Name}" : "")}";

    private void Forget(Task<IConnectionMultiplexer> connection)
    {
        lock (_gate)
        {
            if (_connection != connection || _isDisposed || (isOurs && Stopwatch.GetElapsedTime(_openedAt) < RedisStore.RetryInterval))
            {
                return;
            }

            _connection = null;
        }

        _ = isOurs ? CloseAsync(connection) : Task.CompletedTask;
    }

    private static async Task CloseAsync(Task<IConnectionMultiplexer> opening)
    {
        try
        {
            // It lets the commands in progress complete.
            await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It was never opened, or is broken already.
        }
    }
}
