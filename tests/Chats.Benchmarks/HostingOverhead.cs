using YandexMarket.Chats.Benchmarks.Measure;
using YandexMarket.Chats.Benchmarks.Peers;

namespace YandexMarket.Chats.Benchmarks;

/// <summary>What the pipeline of Chats.Hosting adds to a call of the client over an HttpClient, which is what it is registered with.</summary>
internal static class HostingOverhead
{
    public const double Time = 1.35;
    public const double Bytes = 1.50;

    public static IReadOnlyList<Scenario> Scenarios { get; } = [Scenario.ReadSmall, Scenario.SendSmall];

    /// <summary>Lanes of their own, so that the figures of the other peers do not depend on it.</summary>
    public static InMemory Run()
    {
        var memory = new InMemory();
        foreach (var scenario in Scenarios)
        {
            memory.Add(PeerKind.Borrowing, scenario);
            memory.Add(PeerKind.Hosted, scenario);
        }

        memory.WarmUp();
        memory.Run(rounds: 150, turn: TimeSpan.FromMilliseconds(2));
        return memory;
    }
}
