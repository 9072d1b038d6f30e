using System.Globalization;
using YandexMarket.Chats.Benchmarks.Peers;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>What a call may cost: prints a line for each limit, and fails if one is exceeded. The clients take turns, so that a busy machine slows
/// both.</summary>
internal static class Ratios
{
    private static readonly Limit[] _client =
    [
        new(PeerKind.Client, PeerKind.SystemTextJson, Scenario.ReadSmall, Time: 1.00, Bytes: 1.05),
        new(PeerKind.Client, PeerKind.SystemTextJson, Scenario.SendSmall, Time: 0.90, Bytes: 1.05),
        new(PeerKind.Client, PeerKind.SystemTextJson, Scenario.ReadLarge, Time: 1.30, Bytes: 1.05),
        new(PeerKind.Client, PeerKind.SystemTextJson, Scenario.SendLarge, Time: 0.60, Bytes: 4.00),
        new(PeerKind.Client, PeerKind.Newtonsoft, Scenario.ReadSmall, Time: 0.65, Bytes: 0.33),
        new(PeerKind.Client, PeerKind.Newtonsoft, Scenario.SendSmall, Time: 0.65, Bytes: 0.30),
        new(PeerKind.Client, PeerKind.StockNewtonsoft, Scenario.ReadSmall, Time: 0.40, Bytes: 0.22),
        new(PeerKind.Client, PeerKind.StockNewtonsoft, Scenario.SendSmall, Time: 0.40, Bytes: 0.22),
    ];

    private static readonly Limit[] _hosting =
    [
        new(PeerKind.Hosted, PeerKind.Borrowing, Scenario.ReadSmall, Time: 1.35, Bytes: 1.50),
        new(PeerKind.Hosted, PeerKind.Borrowing, Scenario.SendSmall, Time: 1.35, Bytes: 1.50),
    ];

    private sealed record Limit(PeerKind Client, PeerKind Other, Scenario Scenario, double Time, double Bytes);

    public static async Task<int> RunAsync()
    {
        await Check.AllAsync().ConfigureAwait(false);
        // Two runs, because the compiler's profile of what they share depends on who takes part.
        return AreWithin(_client) & AreWithin(_hosting) ? 0 : 1;
    }

    private static bool AreWithin(Limit[] limits)
    {
        var lanes = limits.SelectMany(limit => new[] { (limit.Client, limit.Scenario), (limit.Other, limit.Scenario) })
            .Distinct().ToDictionary(pair => pair, pair => new Lane(pair.Item1, pair.Scenario));
        Lane.Measure([.. lanes.Values]);
        var within = true;
        foreach (var limit in limits)
        {
            var (client, other) = (lanes[(limit.Client, limit.Scenario)], lanes[(limit.Other, limit.Scenario)]);
            var name = $"{limit.Scenario.Name.Replace(' ', '-')}/{limit.Client}/{limit.Other}";
            within &= IsWithin($"{name}/time", MedianRatio(client.Nanoseconds, other.Nanoseconds), limit.Time);
            within &= IsWithin($"{name}/bytes", MedianRatio(client.Bytes, other.Bytes), limit.Bytes);
        }

        return within;
    }

    /// <summary>The median of the ratios within each round.</summary>
    private static double MedianRatio(List<double> one, List<double> other)
    {
        var ratios = one.Zip(other, (a, b) => a / b).Order().ToList();
        return (ratios[(ratios.Count - 1) / 2] + ratios[ratios.Count / 2]) / 2;
    }

    private static bool IsWithin(string name, double value, double limit)
    {
        var within = value <= limit;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {name} {value:F3} {limit:F2}{(within ? "" : " EXCEEDED")}"));
        return within;
    }
}
