using YandexMarket.Chats.Benchmarks.Measure;
using YandexMarket.Chats.Benchmarks.Peers;

namespace YandexMarket.Chats.Benchmarks.Loopback;

/// <summary>
/// Calls over a socket to a server in a process of its own; the peers take turns, in the other order in every other round.
/// </summary>
internal static class LoopbackRun
{
    public static async Task<IReadOnlyList<Load>> RunAsync(
        IReadOnlyList<PeerKind> kinds, IReadOnlyList<Scenario> scenarios, int atOnce, int requests, int rounds, bool tls = false)
    {
        using var server = Self.Start("server", tls ? "https" : "http");
        try
        {
            var address = new Uri((await server.StandardOutput.ReadLineAsync().ConfigureAwait(false))!);
            var all = new List<Load>();
            foreach (var scenario in scenarios)
            {
                var loads = kinds.Select(kind => Load.Create(kind, scenario, address)).ToList();
                for (var warmUp = new WarmUp(); !warmUp.IsOver;)
                {
                    await RoundAsync(loads, count: false).ConfigureAwait(false);
                }

                for (var round = 0; round < rounds; round++)
                {
                    await RoundAsync(round % 2 == 0 ? loads : Enumerable.Reverse(loads), count: true).ConfigureAwait(false);
                }

                all.AddRange(loads);
            }

            return all;
        }
        finally
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync().ConfigureAwait(false);
        }

        async Task RoundAsync(IEnumerable<Load> loads, bool count)
        {
            foreach (var load in loads)
            {
                await load.RunAsync(atOnce, requests, count).ConfigureAwait(false);
            }
        }
    }
}
