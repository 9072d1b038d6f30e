using System.Globalization;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>
/// The client against System.Text.Json in several fresh processes. The code that the runtime makes differs between processes, so that one
/// process alone shows more precision than there is.
/// </summary>
internal static class Spread
{
    private const int Processes = 7;

    private static readonly (Scenario Scenario, PeerKind Client)[] _pairs = [.. InMemory.Each(Scenario.Small, PeerKind.Client, PeerKind.Borrowing)];

    /// <summary>The ratios of the time of one client in one scenario, one for each process, in rising order.</summary>
    public sealed record Line(Scenario Scenario, PeerKind Client, IReadOnlyList<double> Ratios);

    /// <summary>In each process: a line for each scenario and client.</summary>
    public static int Child()
    {
        var lanes = InMemory.Run(InMemory.Each(Scenario.Small, PeerKind.Client, PeerKind.Borrowing, PeerKind.SystemTextJson), rounds: 60);
        foreach (var (scenario, kind) in _pairs)
        {
            var ratio = Statistics.MedianRatio(lanes.Find(kind, scenario).Nanoseconds, lanes.Find(PeerKind.SystemTextJson, scenario).Nanoseconds);
            Console.WriteLine(ratio.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    public static async Task<IReadOnlyList<Line>> RunAsync()
    {
        var processes = new List<string[]>();
        for (var process = 0; process < Processes; process++)
        {
            processes.Add(await Self.RunAsync("spread-child"));
        }

        return [.. _pairs.Select((pair, i) => new Line(
            pair.Scenario, pair.Client, [.. processes.Select(lines => double.Parse(lines[i], CultureInfo.InvariantCulture)).Order()]))];
    }

    public static async Task<int> PrintAsync()
    {
        foreach (var line in await RunAsync())
        {
            var ratios = string.Join(' ', line.Ratios.Select(ratio => ratio.ToString("F3", CultureInfo.InvariantCulture)));
            Console.WriteLine($"spread {line.Scenario.Path}/{line.Client}/stj/time {ratios}");
        }

        return 0;
    }
}
