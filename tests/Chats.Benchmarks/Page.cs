using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>The page of the figures. In every table the ratio is what the client costs against that peer: below 1, it costs less.</summary>
internal sealed class Page
{
    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    public void Header()
    {
        Line("# Performance");
        Line();
        Line("Written by the benchmark run; do not edit. To repeat:");
        Line();
        Line("    dotnet run -c Release --project tests/Chats.Benchmarks              this page and its chart");
        Line("    dotnet run -c Release --project tests/Chats.Benchmarks -- ratios    the limits only, in under two minutes; fails if one is exceeded");
        Line("    dotnet run -c Release --project tests/Chats.Benchmarks -- spread    a part of it in several fresh processes");
        Line("    dotnet run -c Release --project tests/Chats.Benchmarks -- startup   how long a process takes for one call; needs clang or gcc, and zlib");
        Line("    dotnet run -c Release --project tests/Chats.Benchmarks -- build     what the generation costs in a build");
        Line();
        Line($"{DateTime.UtcNow:yyyy-MM-dd}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture}), {Processor()}, {Environment.ProcessorCount} processors for this process.");
        Line();
        Line("![Time and allocated bytes for one call](performance.svg)");
        Line();
        Line("Every way to call gives the same result, which is checked before any time is taken. The ways take turns in one process. A ratio is the");
        Line("median over the rounds of the client's cost against that way's in the same round: it holds on a busy machine, where the figures beside it do not.");
        Line("The hand-written ways are as lean as their libraries' documentation makes them, without the checks, the one timeout over body and headers,");
        Line("the bound on the response and the word on whether a message may have been sent, which the client has on. RestSharp, Refit and the stock output run with their defaults.");
        Line("Chats is the client that makes its own connections, here with the handler that all the others have; the second line is the same over the caller's HttpClient.");
    }

    public void InMemory(IEnumerable<Lane> lanes)
    {
        Heading("In memory");
        Line("A handler with canned bytes in place of the network. Processor time and allocated bytes of one call, handler included. The small message is");
        Line("the one of the method's page; the large one has 4,096 Cyrillic characters and, when read, 10 files. The response has nine headers: the four that the");
        Line("service documents, and Server, Connection, Date, Content-Type and Content-Length.");
        foreach (var group in lanes.GroupBy(lane => lane.Scenario))
        {
            var all = group.ToList();
            var client = all[0];
            Table($"{group.Key.Name}", "time, ns", "ratio", "bytes", "ratio");
            foreach (var lane in all)
            {
                Row(lane.Kind.Name, Figure(lane.Nanoseconds, 0), Ratio(client.Nanoseconds, lane.Nanoseconds), Figure(lane.Bytes, 0), Ratio(client.Bytes, lane.Bytes));
            }
        }
    }

    public void Spread(IEnumerable<Spread.Line> lines)
    {
        Heading("From process to process");
        Line("The time of the client against HttpClient + System.Text.Json, in memory as above, each time in a fresh process: the runtime compiles");
        Line("the same code a little differently each time. The figures of one process, also those of the other tables, are no more exact than this.");
        Table("", "lowest", "median", "highest");
        foreach (var line in lines)
        {
            Row([$"{line.Scenario.Name}, {line.Client.Name}", .. new[] { line.Ratios[0], Statistics.Median(line.Ratios), line.Ratios[^1] }
                .Select(ratio => ratio.ToString("F2", CultureInfo.InvariantCulture))]);
        }
    }

    public void Hosting(IReadOnlyList<Lane> lanes)
    {
        Heading("What Chats.Hosting adds");
        Line("In memory as above, in a run of its own: the client as `AddChatsClient` registers it, with a key set in code and all defaults, so that it keeps");
        Line("the limits and is ready to retry, and its telemetry and log have no listener. The ratios are what it costs against the client alone, over");
        Line("an HttpClient as the one that it is registered with.");
        foreach (var group in lanes.GroupBy(lane => lane.Scenario))
        {
            var (client, hosted) = (group.Single(lane => lane.Kind == PeerKind.Borrowing), group.Single(lane => lane.Kind == PeerKind.Hosted));
            Table($"{group.Key.Name}", "time, ns", "ratio", "bytes", "ratio");
            foreach (var lane in new[] { client, hosted })
            {
                Row(lane.Kind.Name, Figure(lane.Nanoseconds, 0), Ratio(lane.Nanoseconds, client.Nanoseconds), Figure(lane.Bytes, 0), Ratio(lane.Bytes, client.Bytes));
            }
        }
    }

    public void Loopback(string title, IEnumerable<Load> loads)
    {
        Heading(title);
        Line("Kestrel in a process of its own on the same machine. Processor time of the calling process for one request; the requests in a second are what both");
        Line("processes together came to on the processors they share.");
        foreach (var group in loads.GroupBy(load => load.Scenario))
        {
            var all = group.ToList();
            var client = all[0];
            Table(group.Key.Name, "processor time, µs", "ratio", "requests/s", "ratio");
            foreach (var load in all)
            {
                Row(
                    load.Kind.Name,
                    Figure(load.CpuMicroseconds, 1),
                    Ratio(client.CpuMicroseconds, load.CpuMicroseconds),
                    Figure(load.RequestsPerSecond, 0),
                    Ratio(client.RequestsPerSecond, load.RequestsPerSecond));
            }
        }
    }

    public void FirstCall(Scenario scenario, IReadOnlyList<PeerKind> kinds, IReadOnlyList<IReadOnlyList<double>> milliseconds)
    {
        Heading($"First call of a process: {scenario.Name}");
        Line("From the making of the client to the end of its first call, over canned bytes: what is loaded and compiled on the way.");
        Table("", "ms", "ratio");
        for (var i = 0; i < kinds.Count; i++)
        {
            Row(kinds[i].Name, Figure(milliseconds[i], 1), Ratio(milliseconds[0], milliseconds[i]));
        }
    }

    public void Startup(IReadOnlyList<Startup.Lane> lanes)
    {
        Heading("A process for one call");
        Line("From the start of a process to its end, with one read small over loopback, as a script or a function in a cloud has it; and the size of what is");
        Line("published, without .NET itself where the program runs on it. The tool is not compiled to native code: what it writes JSON with needs reflection.");
        Table("", "ms", "ratio", "MB");
        foreach (var lane in lanes)
        {
            Row(lane.Name, Figure(lane.Milliseconds, 0), Ratio(lane.Milliseconds, lanes[0].Milliseconds), lane.Megabytes.ToString("F1", CultureInfo.InvariantCulture));
        }
    }

    private void Heading(string title)
    {
        Line();
        Line($"## {title}");
        Line();
    }

    private static string Processor()
    {
        const string Label = "model name";
        var line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "an unnamed processor";
    }

    private static string Figure(IEnumerable<double> values, int decimals) =>
        Statistics.Median(values).ToString("N" + decimals, CultureInfo.InvariantCulture);

    private static string Ratio(IReadOnlyList<double> client, IReadOnlyList<double> other) =>
        Statistics.MedianRatio(client, other).ToString("F2", CultureInfo.InvariantCulture);

    private void Table(string title, params IEnumerable<string> columns)
    {
        Line();
        Row([title, .. columns]);
        Row(["---", .. columns.Select(_ => "---:")]);
    }

    private void Row(params IEnumerable<string> cells) => Line($"| {string.Join(" | ", cells)} |");

    private void Line(string text = "") => _text.Append(text).Append('\n');
}
