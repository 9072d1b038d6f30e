namespace YandexMarket.Chats.Benchmarks;

/// <summary>Everything: prints the tables, and writes them with a chart as docs/performance.md and docs/performance.svg.</summary>
internal static class FullRun
{
    public static async Task<int> RunAsync()
    {
        await Check.AllAsync();
        var lanes = InMemory.Run(InMemory.Each(Scenario.All, PeerKind.All));
        var page = new Page();
        page.Header();
        page.InMemory(lanes);
        page.Spread(await Spread.RunAsync());
        page.Hosting(Ratios.RunHosting());
        page.Loopback("Over loopback, 1 at once", await Loopback.RunAsync(PeerKind.All, atOnce: 1, requests: 500, rounds: 20));
        page.Loopback("Over loopback, 64 at once", await Loopback.RunAsync(PeerKind.All, atOnce: 64, requests: 2000, rounds: 20));
        page.Loopback(
            "Over loopback with TLS, a connection for each call", await Loopback.RunAsync(PeerKind.All, atOnce: 1, requests: 20, rounds: 15, tls: true));
        foreach (var scenario in Scenario.Small)
        {
            page.FirstCall(scenario, PeerKind.All, await FirstCall.RunAsync(PeerKind.All, scenario, rounds: 11));
        }

        page.Startup(await Startup.RunAsync());
        await File.WriteAllTextAsync(Repository.PathOf("docs/performance.md"), page.ToString());
        await File.WriteAllTextAsync(Repository.PathOf("docs/performance.svg"), Chart.Draw(lanes));
        Console.WriteLine(page);
        return 0;
    }
}
