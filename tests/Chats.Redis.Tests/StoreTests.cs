using System.Reflection;
using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Redis.Tests;

/// <summary>Commands that fail after nobody waits for them any more, and a log that throws; without a Redis.</summary>
public sealed class StoreTests
{
    private static readonly ChatsRedisOptions _options = ChatsRedisOptions.Create(options => options.CommandTimeout = TimeSpan.FromMilliseconds(10));

    [Test]
    public async Task A_permit_that_a_failed_command_may_have_acquired_is_released()
    {
        var acquiring = new TaskCompletionSource<RedisResult>();
        var settled = new TaskCompletionSource<RedisValue[]>();
        RedisValue member = default;
        await using var limiter = new RedisLimiter(
            Store((script, arguments) =>
            {
                if (script == RedisScripts.Settle)
                {
                    settled.SetResult(arguments);
                    return Task.FromResult(RedisResult.Create(RedisValue.Null));
                }

                member = script == RedisScripts.Acquire ? arguments[1] : member;
                return acquiring.Task;
            }),
            _options, RedisTimes.OfService, TimeProvider.System);
        using var lease = await limiter.AcquireAsync(Machine.Call());
        Assert.That((lease.IsAcquired, settled.Task.IsCompleted), Is.EqualTo((false, false)));

        acquiring.SetException(new RedisException("The connection was lost."));

        var arguments = await settled.Task.WaitAsync(Until.Patience);
        Assert.That((arguments[1], arguments[7]), Is.EqualTo((member, (RedisValue)"unsent")));
    }

    [Test]
    public async Task A_notification_that_a_failed_command_may_have_started_is_forgotten()
    {
        var starting = new TaskCompletionSource<RedisResult>();
        var finished = new TaskCompletionSource<RedisValue[]>();
        RedisValue process = default;
        await using var duplicates = new RedisDuplicates(
            Store((script, arguments) =>
            {
                if (script == RedisScripts.Finish)
                {
                    finished.SetResult(arguments);
                    return Task.FromResult(RedisResult.Create(RedisValue.Null));
                }

                process = arguments[0];
                return starting.Task;
            }),
            _options);
        await Assert.ThrowsAsync<InvalidOperationException>(() => duplicates.TryStartAsync("one", CancellationToken.None));

        starting.SetException(new RedisException("It took too long."));

        Assert.That(await finished.Task.WaitAsync(Until.Patience), Is.EqualTo([process, 0]));
    }

    [Test]
    public async Task A_function_that_throws_instead_of_returning_the_connection_is_called_again()
    {
        var calls = 0;
        var redis = DispatchProxy.Create<IConnectionMultiplexer, FakeRedis>();
        await using var connection = new RedisConnection(() => calls++ == 0 ? throw new RedisException("Not yet.") : redis);

        await Assert.ThrowsAsync<RedisException>(() => connection.DatabaseAsync().AsTask());
        await connection.DatabaseAsync();
        await connection.DatabaseAsync();

        Assert.That(calls, Is.EqualTo(2));
    }

    [Test]
    public async Task A_log_that_throws_changes_nothing()
    {
        var isOut = true;
        await using var store = Store((_, _) => isOut ? Task.FromException<RedisResult>(new RedisException("Out.")) : Task.FromResult(RedisResult.Create((RedisValue)1)));

        var during = await EvaluateAsync();
        isOut = false;
        var after = await EvaluateAsync();

        Assert.That((during, (int?)after, store.CanTry()), Is.EqualTo(((RedisResult?)null, (int?)1, true)));

        Task<RedisResult?> EvaluateAsync() => store.EvaluateAsync("", [], [], late: null, CancellationToken.None);
    }

    private static RedisStore Store(Func<string, RedisValue[], Task<RedisResult>> run) => new(FakeRedis.Connect(run), _options, new BrokenLog());

    private sealed class BrokenLog : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("The log is broken.");
    }
}
