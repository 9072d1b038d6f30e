using YandexMarket.Chats.Benchmarks.Peers;
using YandexMarket.Chats.Benchmarks.Transport;

namespace YandexMarket.Chats.Benchmarks.Measure;

/// <summary>Time and allocated bytes of calls over canned answers, on one thread.</summary>
internal sealed class InMemory
{
    private static readonly Uri _address = new("https://localhost/v2/");

    private readonly List<Lane> _lanes = [];

    public IReadOnlyList<Lane> Lanes => _lanes;

    public void Add(PeerKind kind, Scenario scenario) =>
        _lanes.Add(new Lane(kind, scenario, kind.Create(new CannedHandler(scenario.Status, scenario.AnswerBytes), _address)));

    /// <summary>Calls everybody in turn until it makes no difference any more.</summary>
    public void WarmUp()
    {
        for (var warmUp = new WarmUp(); !warmUp.IsOver;)
        {
            foreach (var lane in _lanes)
            {
                lane.Run(lane.Scenario.Status == 200 ? 50 : 10);
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
