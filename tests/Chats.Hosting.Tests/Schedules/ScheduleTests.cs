using FsCheck;
using FsCheck.Fluent;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>
/// Random schedules of faults, refusals, header values, cancellations and parallel calls, in virtual time and each on one thread. A failing one is
/// shrunk and printed.
/// </summary>
internal sealed class ScheduleTests
{
    [Test]
    public void No_schedule_breaks_a_promise() => Check(ScheduleCheck.Promises, Seeds.Amount(10_000));

    [Test]
    public void Businesses_do_not_affect_each_other() => Check(ScheduleCheck.Businesses, Seeds.Amount(1_000));

    private static void Check(ScheduleCheck check, int schedules)
    {
        TestContext.Out.WriteLine($"{schedules} schedules, CHATS_TEST_SEED={Seeds.Seed}");

        Assert.That(check.FirstFault((ulong)Seeds.Seed, schedules, shrinks: true), Is.Null, $"CHATS_TEST_SEED={Seeds.Seed}");
    }
}

/// <summary>Something that holds for every schedule.</summary>
internal sealed class ScheduleCheck(Func<Schedule, string?> fault)
{
    public static readonly ScheduleCheck Promises = new(ScheduleRun.BrokenPromise);

    public static readonly ScheduleCheck Businesses = new(FaultBetweenBusinesses);

    /// <summary>The fault of a schedule that breaks it, or null; the smallest that was found, if it shrinks.</summary>
    public string? FirstFault(ulong seed, int schedules, bool shrinks)
    {
        string? last = null;
        // FsCheck wants the second number odd.
        var config = Config.QuickThrowOnFailure.WithMaxTest(schedules).WithReplay(seed, 1).WithQuietOnSuccess(true).WithEndSize(40);
        try
        {
            Prop.ForAll(shrinks ? ScheduleGenerator.Arbitrary : Arb.From(ScheduleGenerator.Arbitrary.Generator), schedule =>
            {
                string? found = null;
                ManualClock.Run(() => found = fault(schedule));
                last = found is null ? last : $"{found}{Environment.NewLine}{schedule}";
                return found is null;
            }).Check(config);
            return null;
        }
        catch (Exception exception)
        {
            return last ?? exception.ToString();
        }
    }

    private static string? FaultBetweenBusinesses(Schedule schedule)
    {
        var all = ScheduleRun.Ends(schedule);
        // The others' steps stay in their places, so that the calls keep their numbers, but begin when all is over.
        var alone = ScheduleRun.Ends(schedule with
        {
            Steps = [.. schedule.Steps.Select(step => step.Business == 1 ? step : step with { At = step.At + 100_000_000 })],
        });
        return Enumerable.Range(0, all.Count)
            .Where(i => schedule.Steps[i].Business == 1 && all[i] != alone[i])
            .Select(i => $"call {i + 1} of business 1 ended as {all[i]} beside the others, and as {alone[i]} alone")
            .FirstOrDefault();
    }
}
