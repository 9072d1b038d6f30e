namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>
/// The promise that matters most, over a real network that fails: what the client says of a send is what the service did. To see the
/// figures: <c>dotnet test tests/Chats.Tests --filter Agreement --logger "console;verbosity=detailed"</c>. CHATS_TEST_SEED draws
/// other calls and other faults.
/// </summary>
[NonParallelizable]
public sealed class AgreementTests
{
    private static readonly int _calls = Seeds.Amount(20_000);

    [Test]
    public async Task What_the_client_reports_is_what_happened()
    {
        using var unobserved = new UnobservedExceptions();
        using var run = new AgreementRun(Seeds.Seed, _calls);

        await run.PlayAsync();

        await TestContext.Out.WriteLineAsync($"{_calls} calls, {AgreementRun.AtOnce} at once, seed {Seeds.Seed}: {string.Join(", ", run.Calls.CountBy(call => call.Word))}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Calls.SelectMany(call => call.Disagreements()), Is.Empty, $"seed {Seeds.Seed}");
            Assert.That(run.Strays, Is.Zero, "texts in a chat to which nobody sent them");
            CheckThatItWasHard(run.Calls);
        }

        unobserved.AssertNone();
    }

    /// <summary>Calls that all go well would prove nothing.</summary>
    private static void CheckThatItWasHard(IReadOnlyList<AgreementCall> calls)
    {
        var sends = calls.Where(call => !call.IsRead).ToArray();
        var requests = calls.SelectMany(call => call.Requests).ToArray();
        Assert.That((double)requests.Count(request => request.Fault is not null) / requests.Length, Is.EqualTo(AgreementRun.FaultRate).Within(0.03));
        Assert.That(
            sends.Select(call => (call.Word, call.InChats)),
            Is.SupersetOf([(Word.Returned, 1), (Word.NotSent, 0), (Word.MayHaveBeenSent, 1), (Word.MayHaveBeenSent, 0)]));
        Assert.That(sends, Has.Some.Matches<AgreementCall>(call => call is { Obstacle: Obstacle.Timeout, WasEnded: true, Word: Word.NotSent }));
        Assert.That(sends, Has.Some.Matches<AgreementCall>(call => call is { Exception: ChatsCanceledException, InChats: 1 }));
        Assert.That(calls.Select(call => call.Fate), Is.SupersetOf(
        [
            .. ChatsFault.All.Concat([ChatsFault.Stall, ChatsFault.Stall.AfterDelivery(), ChatsFault.SlowDrip]).Select(fault => $"{fault}"),
            "responded 200", "responded 401", "responded 403", "responded 404", "responded 420, at once", "responded 420, this hour", "nobody listens",
        ]));
    }
}
