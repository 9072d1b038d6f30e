using System.Reflection;

namespace YandexMarket.Chats.Redis.Tests;

/// <summary>A connection whose scripts get the result that the test gives them. Public, because a proxy must not be sealed.</summary>
public class FakeRedis : DispatchProxy
{
    private Func<string, RedisValue[], Task<RedisResult>> _run = null!;

    internal static RedisConnection Connect(Func<string, RedisValue[], Task<RedisResult>> run) => new(() => Create(run));

    internal static IConnectionMultiplexer Create(Func<string, RedisValue[], Task<RedisResult>> run)
    {
        var connection = Create<IConnectionMultiplexer, FakeRedis>();
        ((FakeRedis)connection)._run = run;
        return connection;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IConnectionMultiplexer.GetDatabase))
        {
            var database = Create<IDatabase, FakeRedis>();
            ((FakeRedis)(object)database)._run = _run;
            return database;
        }

        return targetMethod.Name == nameof(IDatabase.ScriptEvaluateAsync) ? _run((string)args![0]!, (RedisValue[])args[2]!) : throw new NotSupportedException(targetMethod.Name);
    }
}
