using System.Globalization;
using YandexMarket.Chats.Benchmarks.Loopback;
using YandexMarket.Chats.Benchmarks.Measure;
using YandexMarket.Chats.Benchmarks.Peers;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>The short run: only what has a limit. A line for each, and a failure if one is exceeded.</summary>
internal static class Ratios
{
    /// <summary>What the client may cost against a peer, time first.</summary>
    private static readonly (Scenario Scenario, PeerKind Peer, double Time, double Bytes)[] _inMemory =
    [
        (Scenario.ReadSmall, PeerKind.SystemTextJson, 1.00, 1.05),
        (Scenario.SendSmall, PeerKind.SystemTextJson, 0.90, 1.05),
        (Scenario.ReadLarge, PeerKind.SystemTextJson, 1.30, 1.05),
        (Scenario.SendLarge, PeerKind.SystemTextJson, 0.60, 4.00),
        (Scenario.ReadSmall, PeerKind.Newtonsoft, 0.65, 0.33),
        (Scenario.SendSmall, PeerKind.Newtonsoft, 0.65, 0.30),
        (Scenario.ReadSmall, PeerKind.StockNewtonsoft, 0.40, 0.22),
        (Scenario.SendSmall, PeerKind.StockNewtonsoft, 0.40, 0.22),
    ];

    private static readonly Scenario[] _onLoopback = [Scenario.ReadSmall, Scenario.SendSmall];

    public static async Task<int> RunAsync()
    {
        await Check.AllAsync().ConfigureAwait(false);
        var within = true;

        var memory = new InMemory();
        foreach (var limits in _inMemory.GroupBy(limit => limit.Scenario))
        {
            memory.Add(PeerKind.Client, limits.Key);
            foreach (var limit in limits)
            {
                memory.Add(limit.Peer, limits.Key);
            }
        }

        memory.WarmUp();
        memory.Run(rounds: 150, turn: TimeSpan.FromMilliseconds(2));
        foreach (var (scenario, peer, time, bytes) in _inMemory)
        {
            var (client, other) = (memory.Find(PeerKind.Client, scenario), memory.Find(peer, scenario));
            within &= Print($"{scenario.Path}/{peer}/time", Statistics.MedianRatio(client.Nanoseconds, other.Nanoseconds), time);
            within &= Print($"{scenario.Path}/{peer}/bytes", Statistics.MedianRatio(client.Bytes, other.Bytes), bytes);
        }

        within &= Hosting();

        var first = await FirstCall.RunAsync(
            [PeerKind.Client, PeerKind.Newtonsoft, PeerKind.SystemTextJson], Scenario.ReadSmall, rounds: 15).ConfigureAwait(false);
        within &= Print("first-call/newtonsoft/time", Statistics.MedianRatio(first[0], first[1]), 0.55);
        within &= Print("first-call/stj/time", Statistics.MedianRatio(first[0], first[2]), 0.80);

        // Three servers, each with connections of its own: how those fall to the processors stays for a run, and must not decide it.
        var runs = new List<IReadOnlyList<Load>>();
        for (var run = 0; run < 3; run++)
        {
            runs.Add(await LoopbackRun.RunAsync(
                [PeerKind.Client, PeerKind.SystemTextJson], _onLoopback, atOnce: 64, requests: 1000, rounds: 60).ConfigureAwait(false));
        }

        foreach (var scenario in _onLoopback)
        {
            var ratio = Statistics.Median(runs.Select(run => Ratio(run, scenario)));
            within &= Print($"loopback-64/{scenario.Path}/stj/cpu", ratio, 1.00);
        }

        return within ? 0 : 1;
    }

    /// <summary>The pipeline of Chats.Hosting against the client over an HttpClient.</summary>
    public static bool Hosting()
    {
        var within = true;
        var memory = HostingOverhead.Run();
        foreach (var scenario in HostingOverhead.Scenarios)
        {
            var (hosted, client) = (memory.Find(PeerKind.Hosted, scenario), memory.Find(PeerKind.Borrowing, scenario));
            within &= Print($"hosting/{scenario.Path}/time", Statistics.MedianRatio(hosted.Nanoseconds, client.Nanoseconds), HostingOverhead.Time);
            within &= Print($"hosting/{scenario.Path}/bytes", Statistics.MedianRatio(hosted.Bytes, client.Bytes), HostingOverhead.Bytes);
        }

        return within;
    }

    private static double Ratio(IReadOnlyList<Load> loads, Scenario scenario)
    {
        var (client, other) = (Of(PeerKind.Client), Of(PeerKind.SystemTextJson));
        return Statistics.MedianRatio(client.CpuMicroseconds, other.CpuMicroseconds);

        Load Of(PeerKind kind) => loads.Single(load => load.Kind == kind && load.Scenario == scenario);
    }

    private static bool Print(string name, double value, double limit)
    {
        var within = value <= limit;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {name} {value:F3} {limit:F2}{(within ? "" : " EXCEEDED")}"));
        return within;
    }
}
