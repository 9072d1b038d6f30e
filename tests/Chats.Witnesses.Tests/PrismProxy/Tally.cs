namespace YandexMarket.Chats.Witnesses.Tests.PrismProxy;

/// <summary>The figures of the run.</summary>
internal sealed class Tally
{
    private int _calls;
    private int _violations;
    private int _wrongRequests;
    private int _plantedMistakes;

    public void Calls(int calls, int violations)
    {
        Interlocked.Add(ref _calls, calls);
        Interlocked.Add(ref _violations, violations);
    }

    public void WrongRequestSeen() => Interlocked.Increment(ref _wrongRequests);

    public void PlantedMistakeSeen() => Interlocked.Increment(ref _plantedMistakes);

    public override string ToString() =>
        $"Prism proxy: {_calls} calls of the client, {_violations} violations; "
        + $"it saw what was wrong with {_wrongRequests} wrong requests, and {_plantedMistakes} planted mistakes";
}
