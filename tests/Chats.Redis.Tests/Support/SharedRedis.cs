// The namespace of all tests, because the fixture ends what they started.
namespace YandexMarket.Chats.Redis.Tests;

/// <summary>One Redis for the tests that leave it alone: each has a prefix of its own.</summary>
[SetUpFixture]
public sealed class SharedRedis
{
    private static readonly Lazy<Task<RedisServer>> _server = new(() => RedisServer.StartAsync());

    internal static Task<RedisServer> ServerAsync() => _server.Value;

    [OneTimeTearDown]
    public static async Task StopAsync()
    {
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
