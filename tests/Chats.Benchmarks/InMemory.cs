namespace YandexMarket.Chats.Benchmarks;

/// <summary>Time and allocated bytes of calls over canned responses, on one thread.</summary>
internal static class InMemory
{
    public static readonly Uri Address = new("https://localhost/v2/");

    private static readonly TimeSpan _turn = TimeSpan.FromMilliseconds(2);

    public static Peer Create(PeerKind kind, Scenario scenario) => kind.Create(new CannedHandler(scenario.Status, scenario.ResponseBytes), Address);

    /// <summary>
    /// Calls all peers in turn until it makes no difference any more; then rounds of turns. In a round all go once in one order and once
    /// in the other, so that what drifts is shared by all.
    /// </summary>
    public static IReadOnlyList<Lane> Run(IEnumerable<(Scenario Scenario, PeerKind Kind)> what, int rounds = 150)
    {
        var all = what.Select(it => new Lane(it.Kind, it.Scenario)).ToList();
        for (var warmUp = new WarmUp(); !warmUp.IsOver;)
        {
            all.ForEach(lane => lane.Run(lane.Scenario.Status == 200 ? 50 : 10));
        }

        foreach (var group in all.GroupBy(lane => lane.Scenario))
        {
            var lanes = group.ToList();
            lanes.ForEach(lane => lane.Calibrate(_turn));
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

        return all;
    }

    public static IEnumerable<(Scenario Scenario, PeerKind Kind)> Each(IEnumerable<Scenario> scenarios, params IEnumerable<PeerKind> kinds) =>
        scenarios.SelectMany(_ => kinds, (scenario, kind) => (scenario, kind));

    public static Lane Find(this IReadOnlyList<Lane> lanes, PeerKind kind, Scenario scenario) =>
        lanes.Single(lane => lane.Kind == kind && lane.Scenario == scenario);
}

/// <summary>One peer in one scenario, and its figures: an entry for each round.</summary>
internal sealed class Lane(PeerKind kind, Scenario scenario)
{
    private readonly Peer _peer = InMemory.Create(kind, scenario);
    private int _callsInTurn = 1;
    private int _turns;
    private TimeSpan _time;
    private long _bytes;

    public PeerKind Kind { get; } = kind;

    public Scenario Scenario { get; } = scenario;

    public List<double> Nanoseconds { get; } = [];

    public List<double> Bytes { get; } = [];

    public void Calibrate(TimeSpan turn)
    {
        const int Probe = 500;
        var start = CpuClock.Now;
        Run(Probe);
        _callsInTurn = Math.Max(1, (int)(turn / ((CpuClock.Now - start) / Probe)));
    }

    public void Begin() => (_turns, _time, _bytes) = (0, TimeSpan.Zero, 0);

    public void TakeTurn()
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = CpuClock.Now;
        Run(_callsInTurn);
        _time += CpuClock.Now - start;
        _bytes += GC.GetAllocatedBytesForCurrentThread() - bytes;
        _turns++;
    }

    public void End()
    {
        var calls = (double)_turns * _callsInTurn;
        Nanoseconds.Add(_time.TotalNanoseconds / calls);
        Bytes.Add(_bytes / calls);
    }

    public void Run(int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            var call = Scenario.Begin(_peer);
            if (!call.IsCompleted)
            {
                // Another thread did a part of it, whose time and bytes would not be counted.
                throw new InvalidOperationException($"{Kind}, {Scenario.Name}: the call did not complete at once.");
            }

            Scenario.End(call);
        }
    }
}
