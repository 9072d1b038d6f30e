using FsCheck;
using FsCheck.Fluent;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>
/// Simulations in virtual time: notifications that are duplicated, late and out of order, sends with every outcome, and a process that dies at any
/// await. FsCheck rolls the dice for all random decisions, and shrinks a failing run. CHATS_SIMULATIONS sets the number of runs (default 20).
/// </summary>
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

        TestContext.Progress.WriteLine($"{_runs} simulations, seed {Seeds.Seed}: {deaths} deaths, {History.Summary(fates)}");
        Assert.That(deaths, Is.GreaterThan(_runs));
        Assert.That(fates.Select(fate => fate.State), Is.SupersetOf(new MessageState?[] { Sent, NoReply, NeedsAttention }));
    }

    /// <summary>For each rule there is a fault that breaks it, and the checker finds the violation.</summary>
    [Slow]
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
            // The database is in memory and the clock stands still, so this does not block for long.
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
