using YandexMarket.Chats.Benchmarks.Peers;

namespace YandexMarket.Chats.Benchmarks.Measure;

/// <summary>One peer in one scenario, and what was measured of it: an entry for each round.</summary>
internal sealed class Lane(PeerKind kind, Scenario scenario, Peer peer)
{
    private int _callsInTurn = 1;
    private int _turns;
    private TimeSpan _time;
    private long _bytes;

    public PeerKind Kind { get; } = kind;

    public Scenario Scenario { get; } = scenario;

    public string Name => Kind.Name;

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
            var call = Scenario.Begin(peer);
            if (!call.IsCompleted)
            {
                // Another thread had a part in it: its time and its bytes would not be counted.
                throw new InvalidOperationException($"{Kind}, {Scenario.Name}: the call did not complete at once.");
            }

            Scenario.End(call);
        }
    }
}
