using System.Diagnostics;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.Redis;

/// <summary>Runs scripts, each with a timeout, and knows whether Redis is available.</summary>
internal sealed partial class RedisStore(RedisConnection connection, ChatsRedisOptions options, ILogger logger) : IAsyncDisposable
{
    /// <summary>How often Redis is tried during an outage, so that not every call has to wait for a timeout.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private static readonly string[] _refusals = ["OOM ", "TRYAGAIN ", "CLUSTERDOWN "];

    private readonly GuardedLogger _logger = new(logger);
    private long _lastTry;
    private long _lastRefusal;
    private int _isEvictionChecked;

    /// <summary>0 while it is available; 2 if the reason of the outage has been logged, 1 if it is unknown.</summary>
    private int _isUnavailable;

    /// <summary>Completes when a Redis that evicts keys has been logged.</summary>
    public Task EvictionCheck { get; private set; } = Task.CompletedTask;

    /// <summary>False during an outage, except for one call each second, which finds out whether it is over.</summary>
    public bool CanTry()
    {
        if (Volatile.Read(ref _isUnavailable) == 0)
        {
            return true;
        }

        var last = Volatile.Read(ref _lastTry);
        return Stopwatch.GetElapsedTime(last) >= RetryInterval &&
            Interlocked.CompareExchange(ref _lastTry, Stopwatch.GetTimestamp(), last) == last;
    }

    /// <summary>
    /// Runs a script; returns null if Redis is unavailable. StackExchange.Redis sends its hash, and its text only if the server does not know it. A
    /// result that arrives after this method has returned is given to <paramref name="late"/>; null if the command failed, which Redis may have run.
    /// </summary>
    public async Task<RedisResult?> EvaluateAsync(
        string script, RedisKey[] keys, RedisValue[] arguments, Action<RedisResult?>? late, CancellationToken cancellationToken)
    {
        var command = connection.EvaluateAsync(script, keys, arguments);
        RedisResult? result = null;
        try
        {
            // The timeout continues after a cancellation: an outage is noticed even if every caller waits for less.
            result = await ResultAsync(command).WaitAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
        finally
        {
            if (result is null && late is not null)
            {
                _ = command.ContinueWith(
                    ended => late(ended.IsCompletedSuccessfully ? ended.Result : null),
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>Waits for the command, and records whether Redis is available. Returns null if it is not, or if it refused the command.</summary>
    private async Task<RedisResult?> ResultAsync(Task<RedisResult> command)
    {
        RedisResult? result = null;
        try
        {
            result = await command.WaitAsync(options.CommandTimeout).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (IsRefusal(exception.Message))
        {
            if (Volatile.Read(ref _lastRefusal) is var last && (last == 0 || Stopwatch.GetElapsedTime(last) >= TimeSpan.FromMinutes(1)))
            {
                Volatile.Write(ref _lastRefusal, Stopwatch.GetTimestamp());
                LogRefused(exception.Message, options.WhenUnavailable);
            }
        }
        catch (Exception exception)
        {
            // Reading the exception of a command that fails later marks it as observed.
            _ = command.ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
            Volatile.Write(ref _lastTry, Stopwatch.GetTimestamp());
            // A server's own message is short and contains no secret; the library's messages are long.
            var reason = exception switch
            {
                RedisServerException => exception.Message,
                RedisConnectionException failed => connection.Failure ?? $"{failed.FailureType}",
                TimeoutException => connection.Failure,
                _ => exception.GetType().Name,
            };
            var known = reason is null ? 1 : 2;
            if (Volatile.Read(ref _isUnavailable) < known && Interlocked.Exchange(ref _isUnavailable, known) < known)
            {
                LogUnavailable(reason ?? nameof(TimeoutException), options.WhenUnavailable);
            }

            return null;
        }

        if (Volatile.Read(ref _isUnavailable) != 0 && Interlocked.Exchange(ref _isUnavailable, 0) != 0)
        {
            LogAvailable();
        }

        if (result is not null && Volatile.Read(ref _isEvictionChecked) == 0 && Interlocked.Exchange(ref _isEvictionChecked, 1) == 0)
        {
            EvictionCheck = CheckEvictionAsync();
        }

        return result;
    }

    /// <summary>Some managed services evict keys that expire, as all of ours do, unless they are told otherwise.</summary>
    private async Task CheckEvictionAsync()
    {
        try
        {
            if (await connection.EvictionPolicyAsync().ConfigureAwait(false) is { } policy)
            {
                LogEvicts(policy);
            }
        }
        catch (Exception)
        {
            // A Redis that does not allow INFO is used without this check.
        }
    }

    /// <summary>Whether Redis refused this command alone: one that needs memory while it is full, or whose keys a cluster does not serve now.</summary>
    private static bool IsRefusal(string message) => _refusals.Any(code => message.Contains(code, StringComparison.Ordinal));

    [LoggerMessage(1, LogLevel.Warning, "Redis is unavailable ({Error}); the policy {Policy} applies until it responds again")]
    private partial void LogUnavailable(string error, ChatsRedisFallback policy);

    [LoggerMessage(2, LogLevel.Information, "Redis is available again")]
    private partial void LogAvailable();

    [LoggerMessage(3, LogLevel.Warning, "Redis refused a command ({Error}); the policy {Policy} applies to what needed it. This is logged at most once a minute")]
    private partial void LogRefused(string error, ChatsRedisFallback policy);

    [LoggerMessage(4, LogLevel.Warning, "When its memory is full, Redis evicts keys ({Policy}), so counts are lost: set maxmemory-policy to noeviction")]
    private partial void LogEvicts(string policy);
}
