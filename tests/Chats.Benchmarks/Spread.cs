using System.Globalization;
using YandexMarket.Chats.Benchmarks.Measure;
using YandexMarket.Chats.Benchmarks.Peers;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>
/// The client against System.Text.Json in several fresh processes. What the runtime makes of the code differs between processes, so that one
/// process alone shows more precision than there is.
/// </summary>
internal static class Spread
{
    private const int Processes = 7;

    private static readonly Scenario[] _scenarios = [Scenario.ReadSmall, Scenario.SendSmall];
    private static readonly PeerKind[] _clients = [PeerKind.Client, PeerKind.Borrowing];

    /// <summary>The ratios of the time of one client in one scenario, one for each process, in rising order.</summary>
    public sealed record Line(Scenario Scenario, PeerKind Client, IReadOnlyList<double> Ratios);

    /// <summary>In each process: a line for each scenario and client.</summary>
    public static int Child()
    {
        var memory = new InMemory();
        foreach (var scenario in _scenarios)
        {
            foreach (var kind in _clients.Append(PeerKind.SystemTextJson))
            {
                memory.Add(kind, scenario);
            }
        }

        memory.WarmUp();
        memory.Run(rounds: 60, turn: TimeSpan.FromMilliseconds(2));
        foreach (var (scenario, kind) in Pairs())
        {
            var ratio = Statistics.MedianRatio(memory.Find(kind, scenario).Nanoseconds, memory.Find(PeerKind.SystemTextJson, scenario).Nanoseconds);
            Console.WriteLine(ratio.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    public static async Task<IReadOnlyList<Line>> RunAsync()
    {
        var pairs = Pairs().ToList();
        var ratios = pairs.ConvertAll(_ => new List<double>());
        for (var process = 0; process < Processes; process++)
        {
            using var child = Self.Start("spread-child");
            var output = await child.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
            await child.WaitForExitAsync().ConfigureAwait(false);
            var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i < pairs.Count; i++)
            {
                ratios[i].Add(double.Parse(lines[i], CultureInfo.InvariantCulture));
            }
        }

        return [.. pairs.Zip(ratios, (pair, of) => new Line(pair.Scenario, pair.Client, [.. of.Order()]))];
    }

    public static async Task<int> PrintAsync()
    {
        foreach (var line in await RunAsync().ConfigureAwait(false))
        {
            var ratios = string.Join(' ', line.Ratios.Select(ratio => ratio.ToString("F3", CultureInfo.InvariantCulture)));
            Console.WriteLine($"spread {line.Scenario.Path}/{line.Client}/stj/time {ratios}");
        }

        return 0;
    }

    private static IEnumerable<(Scenario Scenario, PeerKind Client)> Pairs() =>
        _scenarios.SelectMany(scenario => _clients.Select(client => (scenario, client)));
}
