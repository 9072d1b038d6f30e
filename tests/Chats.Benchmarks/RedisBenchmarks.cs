using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using YandexMarket.Chats.Benchmarks.Peers;
using YandexMarket.Chats.Benchmarks.Transport;
using YandexMarket.Chats.Hosting;
using YandexMarket.Chats.Redis;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>What limits in Redis cost, with a Redis on this machine that does not write to disk. See docs/scaling.md.</summary>
[SimpleJob(warmupCount: 5, iterationCount: 8), IterationTime(200)]
public class RedisBenchmarks
{
    private const int Parallel = 64;

    private ServiceProvider _services = null!;
    private PartitionedRateLimiter<ChatsCall> _limiter = null!;
    private Process _redis = null!;
    private Peer _inProcess = null!;
    private Peer _shared = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var port = ClosedPort.FreeNumber();
        var start = new ProcessStartInfo("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", ""]) { RedirectStandardOutput = true };
        _redis = Process.Start(start)!;
        while (await _redis.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line && !line.Contains("Ready to accept", StringComparison.Ordinal))
        {
        }

        var services = new ServiceCollection();
        UseRedis(services.AddChatsClient(options => options.ApiKey = Peer.Key));
        _services = services.BuildServiceProvider();
        _limiter = _services.GetRequiredService<PartitionedRateLimiter<ChatsCall>>();
        _inProcess = new HostedPeer(new CannedHandler(Scenario.ReadSmall), new Uri("https://localhost/v2/"));
        _shared = new HostedPeer(new CannedHandler(Scenario.ReadSmall), new Uri("https://localhost/v2/"), UseRedis);
        // An empty Redis grants nothing for the duration of a lease.
        await Task.Delay(TimeSpan.FromSeconds(2)).ConfigureAwait(false);

        void UseRedis(IHttpClientBuilder builder) =>
            builder.UseRedisLimits($"127.0.0.1:{port}", options => options.LeaseDuration = TimeSpan.FromSeconds(1));
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _services.DisposeAsync().ConfigureAwait(false);
        _redis.Kill();
        await _redis.WaitForExitAsync().ConfigureAwait(false);
        _redis.Dispose();
    }

    [Benchmark(Baseline = true, Description = "a small read, limits in the process")]
    public Task InProcess() => _inProcess.ReadAsync();

    [Benchmark(Description = "a small read, limits in Redis")]
    public Task Shared() => _shared.ReadAsync();

    [Benchmark(Description = "a permit, acquired and released")]
    public Task AcquireAsync() => AcquireAsync(business: 1);

    [Benchmark(Description = "a permit, 64 in parallel", OperationsPerInvoke = Parallel)]
    public Task AcquireParallelAsync() => Task.WhenAll(Enumerable.Range(1, Parallel).Select(business => Task.Run(() => AcquireAsync(business))));

    /// <summary>A permit, and the report of a response: two scripts.</summary>
    private async Task AcquireAsync(int business)
    {
        var call = new ChatsCall(ChatsOperations.GetChatMessage, new Uri("https://localhost/v2/"), business, Peer.Key, TimeSpan.FromSeconds(5));
        using var lease = await _limiter.AcquireAsync(call).ConfigureAwait(false);
        if (!lease.IsAcquired)
        {
            throw new InvalidOperationException("Redis refused the permit.");
        }

        // A quota that no run uses up.
        var quota = new ChatsRateLimit(2_000_000_000, 2_000_000_000, DateTimeOffset.UtcNow.AddMinutes(55));
        ((IChatsQuotaFeedback)_limiter).Report(lease, call, new ChatsResponseInfo(call.Operation, 200, rateLimit: quota));
    }
}
