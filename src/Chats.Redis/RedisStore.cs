using System.Diagnostics;
using StackExchange.Redis;

namespace YandexMarket.Chats.Redis;

/// <summary>
/// Runs scripts, each within a bounded time, and knows whether Redis is there. Its waits are those of a network, so that they go by the
/// system's clock.
/// </summary>
internal sealed class RedisStore(RedisConnection connection, TimeSpan commandTimeout, RedisLog log) : IAsyncDisposable
{
    /// <summary>How often Redis is asked again during an outage: the calls in between do not wait for a timeout each.</summary>
    public static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private long _lastTry;
    private int _isOut;

    /// <summary>False during an outage, but for one call each second that is to find out whether it is over.</summary>
    public bool MayAsk()
    {
        if (Volatile.Read(ref _isOut) == 0)
        {
            return true;
        }

        var last = Volatile.Read(ref _lastTry);
        return Stopwatch.GetElapsedTime(last) >= BetweenTries &&
            Interlocked.CompareExchange(ref _lastTry, Stopwatch.GetTimestamp(), last) == last;
    }

    /// <summary>Runs a script; StackExchange.Redis sends its hash, and its text only where a server does not know it.</summary>
    /// <param name="script">The script.</param>
    /// <param name="keys">Its keys, all of one hash tag.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="late">Gets a result that came after this method has given it up.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The result; null if Redis is unavailable.</returns>
    public async Task<RedisResult?> EvaluateAsync(
        string script, RedisKey[] keys, RedisValue[] arguments, Action<RedisResult>? late, CancellationToken cancellationToken)
    {
        var pending = RunAsync(script, keys, arguments);
        try
        {
            var result = await pending.WaitAsync(commandTimeout, cancellationToken).ConfigureAwait(false);
            if (Volatile.Read(ref _isOut) == 1 && Interlocked.Exchange(ref _isOut, 0) == 1)
            {
                log.Available();
            }

            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Abandon(pending, late);
            throw;
        }
        catch (Exception exception)
        {
            Abandon(pending, late);
            Volatile.Write(ref _lastTry, Stopwatch.GetTimestamp());
            if (Interlocked.Exchange(ref _isOut, 1) == 0)
            {
                // What a server says of itself is short and no secret; the library's own messages are long.
                log.Unavailable(exception is RedisServerException ? exception.Message : exception.GetType().Name);
            }

            return null;
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static void Abandon(Task<RedisResult> pending, Action<RedisResult>? late) => _ = pending.ContinueWith(
        ended =>
        {
            // To read the exception is to observe it.
            if (ended.Exception is null && !ended.IsCanceled)
            {
                late?.Invoke(ended.Result);
            }
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private async Task<RedisResult> RunAsync(string script, RedisKey[] keys, RedisValue[] arguments)
    {
        var database = await connection.DatabaseAsync().ConfigureAwait(false);
        return await database.ScriptEvaluateAsync(script, keys, arguments).ConfigureAwait(false);
    }
}
