using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.Redis.Tests;

/// <summary>Calls of a registered client, with and without Redis.</summary>
[Slow]
public sealed class ConnectionTests
{
    [Test]
    public async Task A_connection_of_the_application_is_used_and_stays_open()
    {
        var server = await SharedRedis.ServerAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        var prefix = Machine.NewPrefix();
        await connection.GetDatabase().StringSetAsync($"{prefix}epoch", 1);
        var service = new StubHandler();
        await using (var provider = Build(services => services.UseRedisLimits(connection, options => (options.KeyPrefix, options.CommandTimeout) = (prefix, TimeSpan.FromSeconds(30))), service))
        {
            await provider.GetRequiredService<IChatsClient>().GetChatMessageAsync(1, 2, 3);
        }

        Assert.That(service.Calls, Is.EqualTo(1));
        Assert.That(await connection.GetDatabase().PingAsync(), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public async Task Without_Redis_a_call_fails_with_the_reason_and_nothing_is_sent()
    {
        await using var server = await RedisServer.StartAsync();
        await server.KillAsync();
        var service = new StubHandler();
        await using var provider = Build(services => services.UseRedisLimits(server.Configuration), service);

        var thrown = await Assert.ThrowsAsync<ChatsQuotaException>(
            () => provider.GetRequiredService<IChatsClient>().SendMessageToChatAsync(1, 2, "text"));

        Assert.That((thrown!.MayHaveBeenSent, thrown.IsTransient, thrown.RetryAfter, service.Calls), Is.EqualTo((false, true, TimeSpan.FromSeconds(1), 0)));
        Assert.That(thrown.Message, Does.Contain("Redis, which stores the limits, is unavailable"));
    }

    private static ServiceProvider Build(Action<IHttpClientBuilder> use, StubHandler service)
    {
        var services = new ServiceCollection();
        use(services.AddChatsClient(options => options.ApiKey = "key").ConfigurePrimaryHttpMessageHandler(() => service));
        return services.BuildServiceProvider();
    }
}
