using System.Diagnostics;
using System.Globalization;
using YandexMarket.Chats.Benchmarks.Peers;
using YandexMarket.Chats.Benchmarks.Transport;

namespace YandexMarket.Chats.Benchmarks.Measure;

/// <summary>
/// The first call of a fresh process, from the making of the peer to the end of the call, over a canned answer: what is loaded,
/// compiled and made on the way. Each sample is a process of its own, and the peers take turns.
/// </summary>
internal static class FirstCall
{
    public static int Child(string peer, string scenario)
    {
        var kind = PeerKind.All.Single(one => one.Id == peer);
        var what = Scenario.All.Single(one => one.Path == scenario);
        var handler = new CannedHandler(what.Status, what.AnswerBytes);
        var address = new Uri("https://localhost/v2/");

        var start = Stopwatch.GetTimestamp();
        what.CallAsync(kind.Create(handler, address)).GetAwaiter().GetResult();
        var elapsed = Stopwatch.GetElapsedTime(start);

        Console.WriteLine(elapsed.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    /// <summary>Milliseconds per peer, one entry for each round.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<double>>> RunAsync(IReadOnlyList<PeerKind> kinds, Scenario scenario, int rounds)
    {
        var milliseconds = kinds.Select(_ => new List<double>()).ToList();
        // The first round brings the files into the cache of the system, and is not counted.
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < kinds.Count; i++)
            {
                var place = (i + round + 1) % kinds.Count;
                var sample = await SampleAsync(kinds[place], scenario).ConfigureAwait(false);
                if (round >= 0)
                {
                    milliseconds[place].Add(sample);
                }
            }
        }

        return milliseconds;
    }

    private static async Task<double> SampleAsync(PeerKind kind, Scenario scenario)
    {
        using var child = Self.Start("first", kind.Id, scenario.Path);
        var output = await child.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await child.WaitForExitAsync().ConfigureAwait(false);
        return child.ExitCode == 0
            ? double.Parse(output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{kind}: the first call failed with exit code {child.ExitCode}.");
    }
}
