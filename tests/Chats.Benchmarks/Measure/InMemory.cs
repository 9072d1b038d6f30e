using System.Diagnostics;
using YandexMarket.Chats.Benchmarks.Peers;
using YandexMarket.Chats.Benchmarks.Transport;

namespace YandexMarket.Chats.Benchmarks.Measure;

/// <summary>Time and allocated bytes of calls over canned answers, on one thread.</summary>
internal sealed class InMemory
{
    private static readonly Uri _address = new("https://localhost/v2/");
    private static readonly TimeSpan _longestWarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(1);

    private readonly List<Lane> _lanes = [];

    public IReadOnlyList<Lane> Lanes => _lanes;

    public void Add(PeerKind kind, Scenario scenario) =>
        _lanes.Add(new Lane(kind, scenario, kind.Create(new CannedHandler(scenario.Status, scenario.AnswerBytes), _address)));

    /// <summary>Calls everybody in turn until the just-in-time compiler has had nothing to do for a while.</summary>
    public void WarmUp()
    {
        var total = Stopwatch.StartNew();
        var quiet = Stopwatch.StartNew();
        var methods = System.Runtime.JitInfo.GetCompiledMethodCount();
        while (quiet.Elapsed < _quiet && total.Elapsed < _longestWarmUp)
        {
            foreach (var lane in _lanes)
            {
                lane.Run(lane.Scenario.Status == 200 ? 50 : 10);
            }

            // Moving code up a tier waits until nothing new was called for 100 ms.
            if (System.Runtime.JitInfo.GetCompiledMethodCount() is var now && now != methods)
            {
                methods = now;
                quiet.Restart();
            }
        }
    }

    /// <summary>
    /// Rounds of turns. In a round all go once in one order and once in the other, so that what drifts is shared by all.
    /// </summary>
    public void Run(int rounds, TimeSpan turn)
    {
        foreach (var group in _lanes.GroupBy(lane => lane.Scenario))
        {
            var lanes = group.ToList();
            lanes.ForEach(lane => lane.Calibrate(turn));
            for (var round = 0; round < rounds; round++)
            {
                lanes.ForEach(lane => lane.Begin());
                for (var i = 0; i < lanes.Count * 2; i++)
                {
                    // Another one begins in each round.
                    var place = i < lanes.Count ? i : (lanes.Count * 2) - 1 - i;
                    lanes[(place + round) % lanes.Count].TakeTurn();
                }

                lanes.ForEach(lane => lane.End());
            }
        }
    }

    public Lane Find(PeerKind kind, Scenario scenario) => _lanes.Single(lane => lane.Kind == kind && lane.Scenario == scenario);
}
