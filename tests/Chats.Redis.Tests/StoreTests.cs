using Microsoft.Extensions.Logging.Testing;

namespace YandexMarket.Chats.Redis.Tests;

/// <summary>Commands that end after nobody waits for them any more, and a log that throws; without a Redis.</summary>
public sealed class StoreTests
{
    private readonly TaskCompletionSource<RedisResult> _late = new();
    private readonly TaskCompletionSource<RedisValue[]> _undone = new();
    private readonly Dictionary<string, RedisValue[]> _begun = [];

    [Test]
    public async Task A_permit_of_a_call_that_ended_without_it_is_released([Values] bool canceled, [Values] bool fails)
    {
        var options = Options(canceled);
        await using var limiter = new RedisLimiter(Store(RunUntil(RedisScripts.Settle), options), options, RedisTimes.OfService, TimeProvider.System);
        using var caller = new CancellationTokenSource();
        var call = limiter.AcquireAsync(Machine.Call(), cancellationToken: caller.Token).AsTask();
        await (canceled ? caller.CancelAsync() : Task.CompletedTask);
        Assert.That(async () => (await call).IsAcquired, canceled ? Throws.InstanceOf<OperationCanceledException>() : Is.False);
        Assert.That(_undone.Task.IsCompleted, Is.False);

        Reply(fails, RedisResult.Create([(RedisValue)1, 0, 0, 0]));

        var arguments = await _undone.Task.WaitAsync(Until.Timeout);
        Assert.That((arguments[1], arguments[7]), Is.EqualTo((_begun[RedisScripts.Acquire][1], (RedisValue)"unsent")));
    }

    [TestCase(ChatsRedisFallback.Reject, false, true)]
    [TestCase(ChatsRedisFallback.Reject, true, false)]
    [TestCase(ChatsRedisFallback.Local, true, false)]
    public async Task A_notification_whose_start_ended_without_a_reply_is_forgotten(ChatsRedisFallback policy, bool canceled, bool fails)
    {
        var options = Options(canceled, policy);
        await using var duplicates = new RedisDuplicates(Store(RunUntil(RedisScripts.Finish), options), options);
        using var caller = new CancellationTokenSource();
        var start = duplicates.TryStartAsync("one", caller.Token);
        await (canceled ? caller.CancelAsync() : Task.CompletedTask);
        Assert.That(() => start, canceled ? Throws.InstanceOf<OperationCanceledException>() : Throws.InvalidOperationException);

        Reply(fails, RedisResult.Create((RedisValue)1));

        Assert.That(await _undone.Task.WaitAsync(Until.Timeout), Is.EqualTo([_begun.Single().Value[0], 0]));
    }

    [TestCase(typeof(RedisException))]
    [TestCase(typeof(OperationCanceledException))]
    public async Task A_function_that_throws_instead_of_returning_the_connection_is_called_again(Type exception)
    {
        var calls = 0;
        var redis = FakeRedis.Create((_, _) => Task.FromResult(RedisResult.Create((RedisValue)1)));
        await using var connection = new RedisConnection(() => calls++ == 0 ? throw (Exception)Activator.CreateInstance(exception, "Not yet.")! : redis);

        Assert.That(() => connection.EvaluateAsync("", [], []), Throws.InstanceOf(exception));
        await connection.EvaluateAsync("", [], []);
        await connection.EvaluateAsync("", [], []);

        Assert.That(calls, Is.EqualTo(2));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_function_is_called_again_after_its_connection_was_disposed_or_rejects_writes(bool isDisposed)
    {
        List<IConnectionMultiplexer> used = [];
        Exception lost = isDisposed ? new ObjectDisposedException("connection") : new RedisServerException(RedisErrorKind.ReadOnly, CommandFlags.None, "READONLY You can't write against a read only replica.");
        await using var connection = new RedisConnection(() =>
        {
            used.Add(FakeRedis.Create((_, _) => used.Count == 1 ? Task.FromException<RedisResult>(lost) : Task.FromResult(RedisResult.Create((RedisValue)1))));
            return used[^1];
        });

        Assert.That(() => connection.EvaluateAsync("", [], []), Throws.Exception.SameAs(lost));
        Assert.That((int)await connection.EvaluateAsync("", [], []), Is.EqualTo(1));
        Assert.That((int)await connection.EvaluateAsync("", [], []), Is.EqualTo(1));

        Assert.That(used, Has.Count.EqualTo(2));
    }

    [Test]
    public void Our_connection_waits_for_as_long_as_the_command_timeout([Values(1, 30)] int seconds)
    {
        var configuration = RedisConnection.Parse("127.0.0.1:1");
        _ = new RedisConnection(configuration, TimeSpan.FromSeconds(seconds));
        Assert.That(configuration.AsyncTimeout, Is.EqualTo(Math.Max(5, seconds) * 1000));
    }

    [Test]
    public async Task A_log_that_throws_changes_nothing()
    {
        var isOut = true;
        await using var store = Store(
            (_, _) => isOut ? Task.FromException<RedisResult>(new RedisException("Out.")) : Task.FromResult(RedisResult.Create((RedisValue)1)),
            Options(isCanceled: false));

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

    private void Reply(bool fails, RedisResult result)
    {
        if (fails)
        {
            _late.SetException(new RedisException("The connection was lost."));
        }
        else
        {
            _late.SetResult(result);
        }
    }

    /// <summary>A call that is not canceled ends with the timeout.</summary>
    private static ChatsRedisOptions Options(bool isCanceled, ChatsRedisFallback policy = ChatsRedisFallback.Reject) => ChatsRedisOptions.Create(
        options => (options.WhenUnavailable, options.CommandTimeout) = (policy, TimeSpan.FromMilliseconds(isCanceled ? 30_000 : 10)));

    private static RedisStore Store(Func<string, RedisValue[], Task<RedisResult>> run, ChatsRedisOptions options) =>
        new(FakeRedis.Connect(run), options, new FakeLogger(_ => throw new InvalidOperationException("The log is broken.")));
}
