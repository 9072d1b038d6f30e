// In the namespace of all tests, because the fixture stops the server after them.
namespace YandexMarket.Chats.Redis.Tests;

/// <summary>One Redis for all tests that do not stop it; each uses its own prefix.</summary>
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
