using System.Diagnostics;
using System.Globalization;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>
/// The first call of a fresh process, from the creation of the peer to the end of the call, over a canned response: what is loaded and
/// compiled on the way. Each sample is a process of its own, and the peers take turns.
/// </summary>
internal static class FirstCall
{
    public static int Child(string peer, string scenario)
    {
        var kind = PeerKind.All.Single(one => one.Id == peer);
        var what = Scenario.All.Single(one => one.Path == scenario);
        var handler = new CannedHandler(what.Status, what.ResponseBytes);
        var address = InMemory.Address;

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
                var sample = double.Parse((await Self.RunAsync("first", kinds[place].Id, scenario.Path))[0], CultureInfo.InvariantCulture);
                if (round >= 0)
                {
                    milliseconds[place].Add(sample);
                }
            }
        }

        return milliseconds;
    }
}
