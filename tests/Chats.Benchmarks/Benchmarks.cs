using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using YandexMarket.Chats.Benchmarks.Transport;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>Without a network, in three processes each: the runtime compiles the same code a little differently each time.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
[SimpleJob(launchCount: 3, warmupCount: 10, iterationCount: 5), IterationTime(100)]
public class InMemoryBenchmarks : CallBenchmarks
{
    public override IEnumerable<Scenario> Scenarios => Scenario.All;

    protected override HttpMessageHandler CreateHandler() => new CannedHandler(Scenario);
}

/// <summary>Over TLS with a connection for each call, as the service is documented: it does not keep connections alive.</summary>
[SimpleJob(launchCount: 2, warmupCount: 5, iterationCount: 5), IterationTime(150)]
public class TlsBenchmarks : CallBenchmarks
{
    private Server _server = null!;

    protected override Uri Address => _server.Address;

    [GlobalSetup]
    public async Task SetUpAsync() => _server = await Server.StartAsync(Scenario, tls: true).ConfigureAwait(false);

    [GlobalCleanup]
    public async Task CleanUpAsync() => await _server.DisposeAsync().ConfigureAwait(false);

    protected override HttpMessageHandler CreateHandler() => Server.CreateHandler();
}

/// <summary>The first call of a process, from creating the client to the end of the call: the cost of loading and compiling code.</summary>
[SimpleJob(RunStrategy.ColdStart, launchCount: 9, warmupCount: 0, iterationCount: 1, invocationCount: 1)]
public class FirstCallBenchmarks : CallBenchmarks
{
    protected override HttpMessageHandler CreateHandler() => new CannedHandler(Scenario);
}
