using System.Diagnostics;
using System.Net;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>
/// Calls over a socket to a server in a process of its own; the peers take turns, in the reverse order in every other round.
/// </summary>
internal static class Loopback
{
    public static async Task<IReadOnlyList<Load>> RunAsync(
        IReadOnlyList<PeerKind> kinds, int atOnce, int requests, int rounds, bool tls = false)
    {
        using var server = Self.Start("server", tls ? "https" : "http");
        try
        {
            var address = new Uri((await server.StandardOutput.ReadLineAsync())!);
            var all = new List<Load>();
            foreach (var scenario in Scenario.Small)
            {
                var loads = kinds.Select(kind => Load.Create(kind, scenario, address)).ToList();
                for (var warmUp = new WarmUp(); !warmUp.IsOver;)
                {
                    await RoundAsync(loads, count: false);
                }

                for (var round = 0; round < rounds; round++)
                {
                    await RoundAsync(round % 2 == 0 ? loads : Enumerable.Reverse(loads), count: true);
                }

                all.AddRange(loads);
            }

            return all;
        }
        finally
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync();
        }

        async Task RoundAsync(IEnumerable<Load> loads, bool count)
        {
            foreach (var load in loads)
            {
                await load.RunAsync(atOnce, requests, count);
            }
        }
    }
}

/// <summary>One peer in one scenario over a socket, and its figures: an entry for each round.</summary>
internal sealed class Load(PeerKind kind, Scenario scenario, Peer peer)
{
    public PeerKind Kind { get; } = kind;

    public Scenario Scenario { get; } = scenario;

    /// <summary>Processor time of this process for one request.</summary>
    public List<double> CpuMicroseconds { get; } = [];

    public List<double> RequestsPerSecond { get; } = [];

    /// <summary>
    /// The handler is for all alike, and like one that the client makes for itself: over http that of reads, which keeps its connections, and over
    /// https that of sends, which has a new one for each call.
    /// </summary>
    public static Load Create(PeerKind kind, Scenario scenario, Uri server)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = server.Scheme == Uri.UriSchemeHttps ? TimeSpan.Zero : TimeSpan.FromMinutes(5),
        };
        // The server's certificate is its own, made when it started.
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == Server.Subject;
        return new Load(kind, scenario, kind.Create(handler, new Uri(server, scenario.Path + "/")));
    }

    public async Task RunAsync(int atOnce, int requests, bool count)
    {
        var left = requests;
        var cpu = CpuClock.Now;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(WorkAsync)));
        if (count)
        {
            CpuMicroseconds.Add((CpuClock.Now - cpu).TotalMicroseconds / requests);
            RequestsPerSecond.Add(requests / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        async Task WorkAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await Scenario.CallAsync(peer);
            }
        }
    }
}
