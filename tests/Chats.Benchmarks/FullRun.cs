using YandexMarket.Chats.Benchmarks.Loopback;
using YandexMarket.Chats.Benchmarks.Measure;
using YandexMarket.Chats.Benchmarks.Peers;
using YandexMarket.Chats.Benchmarks.Report;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>Everything: prints the tables, and writes them with a chart as performance.md and performance.svg.</summary>
internal static class FullRun
{
    private static readonly Scenario[] _small = [Scenario.ReadSmall, Scenario.SendSmall];

    public static async Task<int> RunAsync(string? output)
    {
        var folder = output ?? Path.Combine(Repository.Root(), "docs");
        await Check.AllAsync().ConfigureAwait(false);

        var memory = new InMemory();
        foreach (var scenario in Scenario.All)
        {
            foreach (var kind in PeerKind.All)
            {
                memory.Add(kind, scenario);
            }
        }

        memory.WarmUp();
        memory.Run(rounds: 150, turn: TimeSpan.FromMilliseconds(2));

        var page = new Page();
        page.Header();
        page.InMemory(memory.Lanes);
        page.Spread(await Spread.RunAsync().ConfigureAwait(false));
        page.Hosting(HostingOverhead.Run().Lanes);
        page.Loopback("Over loopback, 1 at once", await LoopbackRun.RunAsync(PeerKind.All, _small, atOnce: 1, requests: 500, rounds: 20).ConfigureAwait(false));
        page.Loopback("Over loopback, 64 at once", await LoopbackRun.RunAsync(PeerKind.All, _small, atOnce: 64, requests: 2000, rounds: 20).ConfigureAwait(false));
        page.Loopback(
            "Over loopback with TLS, a connection for each call",
            await LoopbackRun.RunAsync(PeerKind.All, _small, atOnce: 1, requests: 20, rounds: 15, tls: true).ConfigureAwait(false));
        foreach (var scenario in _small)
        {
            page.FirstCall(scenario, PeerKind.All, await FirstCall.RunAsync(PeerKind.All, scenario, rounds: 11).ConfigureAwait(false));
        }

        page.Startup(await Startup.RunAsync().ConfigureAwait(false));
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "performance.md"), page.ToString()).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(folder, "performance.svg"), Chart.Draw(memory.Lanes)).ConfigureAwait(false);
        Console.WriteLine(page);
        return 0;
    }
}
