using FsCheck;
using FsCheck.Fluent;
using YandexMarket.Chats.Responder.Storage;
using YandexMarket.Chats.Responder.Tests.Kill;
using YandexMarket.Chats.Responder.Tests.Simulated;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>
/// Runs in virtual time: notifications that are duplicated, late and out of order, sends that end in every way, and a process that dies at any await.
/// All chance comes from dice that FsCheck rolls; of a run that breaks a rule it shows the fewest. CHATS_SIMULATIONS sets how many (default 20).
/// </summary>
[NonParallelizable]
public sealed class SimulationTests
{
    private static readonly int _runs = int.TryParse(Environment.GetEnvironmentVariable("CHATS_SIMULATIONS"), out var runs) ? runs : 20;
    private static readonly Gen<int[]> _dice = Gen.Choose(0, 400).SelectMany(count => Gen.ArrayOf(Gen.Choose(0, 9_999), count));

    [Test]
    public void No_crash_breaks_a_rule()
    {
        var (deaths, fates) = (0, new List<Fate>());
        Check(_runs, Arb.From(_dice, Fewer), async dice =>
        {
            await using var run = new Simulation(dice);
            var ended = await run.RunAsync();
            deaths += run.Deaths;
            fates.AddRange(ended);
            return History.Violations(ended);
        });

        var byState = fates.GroupBy(fate => fate.State).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}");
        TestContext.Progress.WriteLine($"{_runs} simulations, seed {Seeds.Seed}: {deaths} deaths, {string.Join(", ", byState)}");
        Assert.That(deaths, Is.GreaterThan(_runs));
        Assert.That(fates.Select(fate => fate.State), Is.SupersetOf(new MessageState?[] { MessageState.Sent, MessageState.NoReply, MessageState.NeedsAttention }));
    }

    /// <summary>Each rule bites: without what keeps it, the checker finds the violation.</summary>
    [TestCase(Fault.RetriesWhatMayHaveBeenSent, "twice")]
    [TestCase(Fault.TakesOverABegunSend, "twice")]
    [TestCase(Fault.RespondsBeforeItStores, "lost")]
    [TestCase(Fault.LeavesABegunSend, "limbo")]
    [TestCase(Fault.KeepsADoubt, "limbo")]
    [TestCase(Fault.BelievesEverySend, "says sent")]
    [TestCase(Fault.RepliesToEverything, "none is wanted")]
    public void A_broken_rule_is_found(Fault fault, string violation)
    {
        Assert.That(() => Check(50, Arb.From(_dice), async dice =>
        {
            await using var run = new Simulation(dice, fault);
            return History.Violations(await run.RunAsync());
        }), Throws.Exception.With.Message.Contains(violation));
    }

    private static void Check(int count, Arbitrary<int[]> dice, Func<int[], Task<IEnumerable<string>>> violations) =>
        Prop.ForAll(dice, rolled =>
        {
            // The database is in memory and the clock stands still, so that this waits for nothing.
            var found = violations(rolled).GetAwaiter().GetResult().ToList();
            return found.Count == 0 ? true.ToProperty() : false.Label(string.Join(" ", found));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay((ulong)Seeds.Seed, 1).WithQuietOnSuccess(true));

    private static IEnumerable<int[]> Fewer(int[] dice)
    {
        for (var size = dice.Length; size > 0; size /= 2)
        {
            for (var start = 0; start + size <= dice.Length; start += size)
            {
                yield return [.. dice[..start], .. dice[(start + size)..]];
            }
        }
    }
}
