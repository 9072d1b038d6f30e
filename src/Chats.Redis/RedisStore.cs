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

    private readonly GuardedLogger _logger = new(logger);
    private long _lastTry;
    private long _lastFull;
    private int _isUnavailable;

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
        var command = RunAsync(script, keys, arguments);
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

    /// <summary>Waits for the command, and records whether Redis is available. Returns null if it is not, or if its memory is full.</summary>
    private async Task<RedisResult?> ResultAsync(Task<RedisResult> command)
    {
        RedisResult? result = null;
        try
        {
            result = await command.WaitAsync(options.CommandTimeout).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (exception.Message.Contains("OOM ", StringComparison.Ordinal))
        {
            // Its memory is full: it creates no keys, for example for a new business, but still updates those that exist.
            if (Volatile.Read(ref _lastFull) is var last && (last == 0 || Stopwatch.GetElapsedTime(last) >= TimeSpan.FromMinutes(1)))
            {
                Volatile.Write(ref _lastFull, Stopwatch.GetTimestamp());
                LogFull(exception.Message, options.WhenUnavailable);
            }
        }
        catch (Exception exception)
        {
            // Reading the exception of a command that fails later marks it as observed.
            _ = command.ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
            Volatile.Write(ref _lastTry, Stopwatch.GetTimestamp());
            if (Interlocked.Exchange(ref _isUnavailable, 1) == 0)
            {
                // A server's own message is short and contains no secret; the library's messages are long.
                LogUnavailable(exception is RedisServerException ? exception.Message : exception.GetType().Name, options.WhenUnavailable);
            }

            return null;
        }

        if (Volatile.Read(ref _isUnavailable) == 1 && Interlocked.Exchange(ref _isUnavailable, 0) == 1)
        {
            LogAvailable();
        }

        return result;
    }

    private async Task<RedisResult> RunAsync(string script, RedisKey[] keys, RedisValue[] arguments)
    {
        var database = await connection.DatabaseAsync().ConfigureAwait(false);
        return await database.ScriptEvaluateAsync(script, keys, arguments).ConfigureAwait(false);
    }

    [LoggerMessage(1, LogLevel.Warning, "Redis is unavailable ({Error}); the policy {Policy} applies until it responds again")]
    private partial void LogUnavailable(string error, ChatsRedisFallback policy);

    [LoggerMessage(2, LogLevel.Information, "Redis is available again")]
    private partial void LogAvailable();

    [LoggerMessage(3, LogLevel.Warning, "Redis has no memory for another key ({Error}); the policy {Policy} applies to what needs one. This is logged at most once a minute")]
    private partial void LogFull(string error, ChatsRedisFallback policy);
}
