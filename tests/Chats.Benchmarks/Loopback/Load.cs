using System.Diagnostics;
using System.Net;
using YandexMarket.Chats.Benchmarks.Measure;
using YandexMarket.Chats.Benchmarks.Peers;

namespace YandexMarket.Chats.Benchmarks.Loopback;

/// <summary>One peer in one scenario over a socket, and what was measured of it: an entry for each round.</summary>
internal sealed class Load(PeerKind kind, Scenario scenario, Peer peer)
{
    public PeerKind Kind { get; } = kind;

    public Scenario Scenario { get; } = scenario;

    public string Name => Kind.Name;

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
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(WorkAsync))).ConfigureAwait(false);
        if (count)
        {
            CpuMicroseconds.Add((CpuClock.Now - cpu).TotalMicroseconds / requests);
            RequestsPerSecond.Add(requests / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        async Task WorkAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await Scenario.CallAsync(peer).ConfigureAwait(false);
            }
        }
    }
}
