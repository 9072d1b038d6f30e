using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using YandexMarket.Chats.Benchmarks.Peers;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>One call with each of the clients. BenchmarkDotNet gives each of them a process of its own.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByParams)]
public abstract class CallBenchmarks
{
    private Peer? _peer;

    [ParamsSource(nameof(Scenarios))]
    public Scenario Scenario { get; set; } = Scenario.ReadSmall;

    public virtual IEnumerable<Scenario> Scenarios => [Scenario.ReadSmall, Scenario.SendSmall];

    protected virtual Uri Address { get; } = new("https://localhost/v2/");

    protected abstract HttpMessageHandler CreateHandler();

    [Benchmark(Baseline = true, Description = "HttpClient + System.Text.Json")]
    public Task SystemTextJson() => CallAsync(PeerKind.SystemTextJson);

    [Benchmark(Description = "Chats")]
    public Task Client() => CallAsync(PeerKind.Client);

    [Benchmark(Description = "Chats, HttpClient of the caller")]
    public Task Borrowing() => CallAsync(PeerKind.Borrowing);

    [Benchmark(Description = "Chats.Hosting")]
    public Task Hosted() => CallAsync(PeerKind.Hosted);

    [Benchmark(Description = "HttpClient without JSON")]
    public Task Transport() => CallAsync(PeerKind.Transport);

    [Benchmark(Description = "HttpClient + Newtonsoft.Json")]
    public Task Newtonsoft() => CallAsync(PeerKind.Newtonsoft);

    [Benchmark(Description = "stock NSwag, Newtonsoft.Json")]
    public Task StockNewtonsoft() => CallAsync(PeerKind.StockNewtonsoft);

    [Benchmark(Description = "stock NSwag, System.Text.Json")]
    public Task StockSystemTextJson() => CallAsync(PeerKind.StockSystemTextJson);

    [Benchmark(Description = "RestSharp")]
    public Task RestSharp() => CallAsync(PeerKind.RestSharp);

    [Benchmark(Description = "Refit")]
    public Task Refit() => CallAsync(PeerKind.Refit);

    private Task CallAsync(PeerKind kind) => Scenario.CallAsync(_peer ??= kind.Create(CreateHandler(), Address));
}
