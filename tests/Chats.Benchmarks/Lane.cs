using System.Runtime;
using YandexMarket.Chats.Benchmarks.Peers;
using YandexMarket.Chats.Benchmarks.Transport;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>One client in one scenario in memory, with its processor time and its allocated bytes for a call: an entry for each round.</summary>
internal sealed class Lane(PeerKind kind, Scenario scenario)
{
    private const int Rounds = 150;

    private static readonly TimeSpan _turn = TimeSpan.FromMilliseconds(2);

    private readonly Peer _peer = kind.Create(new CannedHandler(scenario), new Uri("https://localhost/v2/"));

    private int _callsInTurn = 1;
    private TimeSpan _time;
    private long _bytes;

    public List<double> Nanoseconds { get; } = [];

    public List<double> Bytes { get; } = [];

    // Processor time includes the garbage collector's work, and not the time in which other processes ran. Windows counts it in steps of 15 ms, which
    // is too coarse.
    private static TimeSpan Now => OperatingSystem.IsWindows() ? Stopwatch.GetElapsedTime(0) : Environment.CpuUsage.TotalTime;

    public static void Measure(IReadOnlyList<Lane> lanes)
    {
        WarmUp(lanes);
        foreach (var group in lanes.GroupBy(lane => lane.Scenario).Select(group => group.ToList()))
        {
            group.ForEach(lane => lane.Calibrate());
            for (var round = 0; round < Rounds; round++)
            {
                // Once in one order and once in the other, each time with another one first, so that a drift affects all alike.
                for (var turn = 0; turn < group.Count * 2; turn++)
                {
                    var place = turn < group.Count ? turn : (group.Count * 2) - 1 - turn;
                    group[(place + round) % group.Count].TakeTurn();
                }

                group.ForEach(lane => lane.EndRound());
            }
        }
    }

    private Scenario Scenario => scenario;

    /// <summary>Until the just-in-time compiler has compiled nothing for a second: it waits for 100 ms without new code before it
    /// optimizes.</summary>
    private static void WarmUp(IReadOnlyList<Lane> lanes)
    {
        var (total, quiet) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        for (var methods = 0L; quiet.Elapsed < TimeSpan.FromSeconds(1) && total.Elapsed < TimeSpan.FromSeconds(12);)
        {
            foreach (var lane in lanes)
            {
                lane.Run(50);
            }

            if (JitInfo.GetCompiledMethodCount() is var now && now != methods)
            {
                methods = now;
                quiet.Restart();
            }
        }
    }

    private void Calibrate()
    {
        const int Probe = 500;
        var start = Now;
        Run(Probe);
        _callsInTurn = Math.Max(1, (int)(_turn / ((Now - start) / Probe)));
    }

    private void TakeTurn()
    {
        var (bytes, start) = (GC.GetAllocatedBytesForCurrentThread(), Now);
        Run(_callsInTurn);
        _time += Now - start;
        _bytes += GC.GetAllocatedBytesForCurrentThread() - bytes;
    }

    private void EndRound()
    {
        var calls = 2.0 * _callsInTurn;
        Nanoseconds.Add(_time.TotalNanoseconds / calls);
        Bytes.Add(_bytes / calls);
        (_time, _bytes) = (TimeSpan.Zero, 0);
    }

    private void Run(int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            var call = scenario.Begin(_peer);
            if (!call.IsCompleted)
            {
                throw new InvalidOperationException($"{kind}, {scenario}: the call used another thread, whose time and bytes would not be counted.");
            }

            call.GetAwaiter().GetResult();
        }
    }
}
