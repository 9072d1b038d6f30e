using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using YandexMarket.Chats.Benchmarks.Measure;
using YandexMarket.Chats.Benchmarks.Peers;
using YandexMarket.Chats.Benchmarks.Transport;
using YandexMarket.Chats.Hosting;
using YandexMarket.Chats.Redis;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>What limits in Redis cost: with a Redis of its own on this machine, without disk.</summary>
internal static class RedisSpeed
{
    private const string Program = "/usr/bin/redis-server";

    private static readonly Uri _address = new("https://localhost/v2/");
    private static readonly TimeSpan _time = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync()
    {
        if (!File.Exists(Program))
        {
            await Console.Error.WriteLineAsync("There is no Redis: apt-get install redis-server.").ConfigureAwait(false);
            return 69;
        }

        var port = FreePort();
        using var redis = Process.Start(new ProcessStartInfo(Program, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--logfile", "/dev/null"])
        {
            WorkingDirectory = Path.GetTempPath(),
        })!;
        try
        {
            await ListensAsync(port).ConfigureAwait(false);
            await AcquireAsync(port, atOnce: 1).ConfigureAwait(false);
            await AcquireAsync(port, atOnce: 64).ConfigureAwait(false);
            foreach (var scenario in HostingOverhead.Scenarios)
            {
                await CallAsync(port, scenario).ConfigureAwait(false);
            }

            return 0;
        }
        finally
        {
            redis.Kill();
            await redis.WaitForExitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Places taken and given back, each with the report of a response: two scripts.</summary>
    private static async Task AcquireAsync(int port, int atOnce)
    {
        var services = new ServiceCollection();
        UseRedis(services.AddChatsClient(options => options.ApiKey = "key"), port);
        await using var provider = services.BuildServiceProvider();
        var limiter = provider.GetRequiredService<PartitionedRateLimiter<ChatsCall>>();
        // One call each, because an empty Redis gives nothing for a lease; and so that all is compiled.
        await RunAsync(TimeSpan.FromSeconds(3)).ConfigureAwait(false);
        var rate = await RunAsync(_time).ConfigureAwait(false) / _time.TotalSeconds;
        Print($"acquisitions per second, {atOnce} at once: {rate:0}");

        async Task<int> RunAsync(TimeSpan time)
        {
            var start = Stopwatch.GetTimestamp();
            var counts = await Task.WhenAll(Enumerable.Range(1, atOnce).Select(business => Task.Run(async () =>
            {
                var count = 0;
                for (; Stopwatch.GetElapsedTime(start) < time; count++)
                {
                    await AcquireOnceAsync(limiter, business).ConfigureAwait(false);
                }

                return count;
            }))).ConfigureAwait(false);
            return counts.Sum();
        }
    }

    private static async Task AcquireOnceAsync(PartitionedRateLimiter<ChatsCall> limiter, int business)
    {
        var call = new ChatsCall(ChatsOperations.GetChatMessage, _address, business, "key", TimeSpan.FromSeconds(5));
        using var lease = await limiter.AcquireAsync(call).ConfigureAwait(false);
        if (!lease.IsAcquired)
        {
            throw new InvalidOperationException("Redis refused it.");
        }

        // A quota that no run uses up.
        var quota = new ChatsRateLimit(2_000_000_000, 2_000_000_000, DateTimeOffset.UtcNow.AddMinutes(55));
        ((IChatsQuotaFeedback)limiter).Report(lease, call, new ChatsResponseInfo(call.Operation, 200, rateLimit: quota));
    }

    /// <summary>A call over canned responses with either limiter, in turn: the median over the rounds.</summary>
    private static async Task CallAsync(int port, Scenario scenario)
    {
        const int Rounds = 100;
        const int Calls = 50;
        var (local, shared) = (Peer(null), Peer(builder => UseRedis(builder, port)));
        List<double> localTimes = [], sharedTimes = [];
        for (var round = -Rounds; round < Rounds; round++)
        {
            var (one, other) = (await TimeAsync(local).ConfigureAwait(false), await TimeAsync(shared).ConfigureAwait(false));
            if (round >= 0)
            {
                localTimes.Add(one);
                sharedTimes.Add(other);
            }
        }

        var added = Statistics.Median(sharedTimes.Zip(localTimes, (one, other) => one - other));
        Print($"{scenario.Name}: {Statistics.Median(localTimes):0} µs in process, {Statistics.Median(sharedTimes):0} µs with Redis");
        Print($"{scenario.Name}: ratio {Statistics.MedianRatio(sharedTimes, localTimes):0.0}, added {added:0} µs");

        HostedPeer Peer(Action<IHttpClientBuilder>? configure) =>
            new(new CannedHandler(scenario.Status, scenario.AnswerBytes), _address, configure);

        async Task<double> TimeAsync(HostedPeer peer)
        {
            var start = Stopwatch.GetTimestamp();
            for (var call = 0; call < Calls; call++)
            {
                await scenario.Begin(peer).ConfigureAwait(false);
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls;
        }
    }

    private static void UseRedis(IHttpClientBuilder builder, int port) =>
        builder.UseRedisLimits($"127.0.0.1:{port}", options => options.LeaseDuration = TimeSpan.FromSeconds(1));

    private static void Print(FormattableString line) => Console.WriteLine($"redis, {line.ToString(CultureInfo.InvariantCulture)}");

    private static async Task ListensAsync(int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port).ConfigureAwait(false);
                return;
            }
            catch (SocketException) when (attempt < 100)
            {
                await Task.Delay(50).ConfigureAwait(false);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
