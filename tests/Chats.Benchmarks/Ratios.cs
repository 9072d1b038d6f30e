using System.Globalization;

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

    public static async Task<int> RunAsync()
    {
        await Check.AllAsync();
        var within = true;
        var lanes = InMemory.Run(_inMemory.GroupBy(limit => limit.Scenario, limit => limit.Peer)
            .SelectMany(group => InMemory.Each([group.Key], group.Prepend(PeerKind.Client))));
        foreach (var (scenario, peer, time, bytes) in _inMemory)
        {
            var (client, other) = (lanes.Find(PeerKind.Client, scenario), lanes.Find(peer, scenario));
            within &= Print($"{scenario.Path}/{peer}/time", Statistics.MedianRatio(client.Nanoseconds, other.Nanoseconds), time);
            within &= Print($"{scenario.Path}/{peer}/bytes", Statistics.MedianRatio(client.Bytes, other.Bytes), bytes);
        }

        var hosting = RunHosting();
        foreach (var scenario in Scenario.Small)
        {
            var (hosted, client) = (hosting.Find(PeerKind.Hosted, scenario), hosting.Find(PeerKind.Borrowing, scenario));
            within &= Print($"hosting/{scenario.Path}/time", Statistics.MedianRatio(hosted.Nanoseconds, client.Nanoseconds), 1.35);
            within &= Print($"hosting/{scenario.Path}/bytes", Statistics.MedianRatio(hosted.Bytes, client.Bytes), 1.50);
        }

        var first = await FirstCall.RunAsync([PeerKind.Client, PeerKind.Newtonsoft, PeerKind.SystemTextJson], Scenario.ReadSmall, rounds: 15);
        within &= Print("first-call/newtonsoft/time", Statistics.MedianRatio(first[0], first[1]), 0.55);
        within &= Print("first-call/stj/time", Statistics.MedianRatio(first[0], first[2]), 0.80);

        // Three servers, each with connections of its own: how those are shared out to the processors stays for a run, and must not decide it.
        var runs = new List<IReadOnlyList<Load>>();
        for (var run = 0; run < 3; run++)
        {
            runs.Add(await Loopback.RunAsync([PeerKind.Client, PeerKind.SystemTextJson], atOnce: 64, requests: 1000, rounds: 60));
        }

        foreach (var scenario in Scenario.Small)
        {
            within &= Print($"loopback-64/{scenario.Path}/stj/cpu", Statistics.Median(runs.Select(run => Ratio(run, scenario))), 1.00);
        }

        return within ? 0 : 1;
    }

    /// <summary>
    /// What the pipeline of Chats.Hosting adds to the client over an HttpClient, which is what it is registered with. A run of its own, so
    /// that the figures of the other peers do not depend on it.
    /// </summary>
    public static IReadOnlyList<Lane> RunHosting() => InMemory.Run(InMemory.Each(Scenario.Small, PeerKind.Borrowing, PeerKind.Hosted));

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
