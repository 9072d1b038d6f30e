using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;

namespace YandexMarket.Chats.Redis.Tests.Runs;

/// <summary>A machine that makes as many calls as allowed, for several businesses, until it is stopped; a process, if a test starts this assembly.</summary>
internal static class Worker
{
    public const string Key = "test-key";
    public const long Businesses = 3;

    /// <summary>The shortened periods of the tests.</summary>
    public static readonly RedisTimes Times = new(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.5));

    /// <summary>Arguments: the emulator's address, Redis, and the error of the clock in seconds. Ends when the standard input is closed.</summary>
    public static async Task<int> Main(string[] arguments)
    {
        var clock = new WrongClock(TimeSpan.FromSeconds(double.Parse(arguments[2], CultureInfo.InvariantCulture)));
        await using var services = Build(new Uri(arguments[0]), arguments[1], clock, options => options.LeaseDuration = TimeSpan.FromSeconds(2));
        using var stop = new CancellationTokenSource();
        var work = WorkAsync(services.GetRequiredService<IChatsClient>(), stop.Token);
        await Console.Out.WriteLineAsync("ready");
        await Console.In.ReadToEndAsync(CancellationToken.None);
        await stop.CancelAsync();
        await work;
        return 0;
    }

    public static ServiceProvider Build(Uri emulator, string redis, TimeProvider clock, Action<ChatsRedisOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton(clock);
        services.AddChatsClient(options => (options.ApiKey, options.BaseAddress) = (Key, emulator))
            .UseRedisLimits(redis, configure)
            .ConfigureChatsHosting(options => options.MaxAttempts = 1);
        // The same limiter with shorter periods.
        var options = ChatsRedisOptions.Create(configure);
        services.Replace(ServiceDescriptor.Singleton<PartitionedRateLimiter<ChatsCall>>(new RedisLimiter(
            new RedisStore(new RedisConnection(RedisConnection.Parse(redis), options.CommandTimeout), options, NullLogger.Instance),
            options, Times, clock)));
        return services.BuildServiceProvider();
    }

    public static Task WorkAsync(IChatsClient client, CancellationToken cancellationToken) => Task.WhenAll(
        from business in Enumerable.Range(1, (int)Businesses)
        from lane in Enumerable.Range(0, 4)
        select LaneAsync(client, business, reads: lane % 2 == 0, cancellationToken));

    private static async Task LaneAsync(IChatsClient client, long business, bool reads, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await (reads
                    ? client.GetChatMessageAsync(business, 1, messageId: business, cancellationToken)
                    : client.SendMessageToChatAsync(business, 1, "text", cancellationToken));
            }
            catch (ChatsException)
            {
                // Rejected locally or by the service; the emulator's record shows which.
                await Task.Delay(100, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private sealed class WrongClock(TimeSpan error) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + error;
    }
}
