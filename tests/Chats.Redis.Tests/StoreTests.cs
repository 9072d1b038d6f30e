using System.Reflection;
using Microsoft.Extensions.Logging.Testing;

namespace YandexMarket.Chats.Redis.Tests;

/// <summary>Commands that fail after nobody waits for them any more, and a log that throws; without a Redis.</summary>
public sealed class StoreTests
{
    private static readonly ChatsRedisOptions _options = ChatsRedisOptions.Create(options => options.CommandTimeout = TimeSpan.FromMilliseconds(10));

    private readonly TaskCompletionSource<RedisResult> _late = new();
    private readonly TaskCompletionSource<RedisValue[]> _undone = new();
    private readonly Dictionary<string, RedisValue[]> _begun = [];

    [Test]
    public async Task A_permit_that_a_failed_command_may_have_acquired_is_released()
    {
        await using var limiter = new RedisLimiter(Store(RunUntil(RedisScripts.Settle)), _options, RedisTimes.OfService, TimeProvider.System);
        using var lease = await limiter.AcquireAsync(Machine.Call());
        Assert.That((lease.IsAcquired, _undone.Task.IsCompleted), Is.EqualTo((false, false)));

        _late.SetException(new RedisException("The connection was lost."));

        var arguments = await _undone.Task.WaitAsync(Until.Timeout);
        Assert.That((arguments[1], arguments[7]), Is.EqualTo((_begun[RedisScripts.Acquire][1], (RedisValue)"unsent")));
    }

    [Test]
    public async Task A_notification_that_a_failed_command_may_have_started_is_forgotten()
    {
        await using var duplicates = new RedisDuplicates(Store(RunUntil(RedisScripts.Finish)), _options);
        await Assert.ThrowsAsync<InvalidOperationException>(() => duplicates.TryStartAsync("one", CancellationToken.None));

        _late.SetException(new RedisException("It took too long."));

        Assert.That(await _undone.Task.WaitAsync(Until.Timeout), Is.EqualTo([_begun.Single().Value[0], 0]));
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

    /// <summary>All scripts wait for <see cref="_late"/>, but for the one that undoes them.</summary>
    private Func<string, RedisValue[], Task<RedisResult>> RunUntil(string undo) => (script, arguments) =>
    {
        if (script == undo)
        {
            _undone.SetResult(arguments);
            return Task.FromResult(RedisResult.Create(RedisValue.Null));
        }

        _begun[script] = arguments;
        return _late.Task;
    };

    private static RedisStore Store(Func<string, RedisValue[], Task<RedisResult>> run) => new(FakeRedis.Connect(run), _options, new FakeLogger(_ => throw new InvalidOperationException("The log is broken.")));
}
