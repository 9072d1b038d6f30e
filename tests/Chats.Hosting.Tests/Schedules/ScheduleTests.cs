using FsCheck;
using FsCheck.Fluent;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>
/// Random schedules of faults, refusals, header values, cancellations and parallel calls, in virtual time and each on one thread. A failing one is
/// shrunk and printed.
/// </summary>
internal sealed class ScheduleTests
{
    [TestCase(10_000, true)]
    public void No_schedule_breaks_a_promise(int schedules, bool shrinks) => Check(ScheduleRun.BrokenPromise, schedules, shrinks);

    [TestCase(1_000, true)]
    public void Businesses_do_not_affect_each_other(int schedules, bool shrinks) => Check(FaultBetweenBusinesses, schedules, shrinks);

    /// <summary>Fails with the fault of a schedule that has one; of the smallest that was found, if it shrinks.</summary>
    private static void Check(Func<Schedule, string?> faultOf, int schedules, bool shrinks)
    {
        string? last = null;
        // FsCheck wants the second number odd.
        var config = Config.QuickThrowOnFailure.WithMaxTest(Seeds.Amount(schedules)).WithReplay((ulong)Seeds.Seed, 1)
            .WithQuietOnSuccess(true).WithEndSize(40);
        TestContext.Out.WriteLine($"{config.MaxTest} schedules, CHATS_TEST_SEED={Seeds.Seed}");
        try
        {
            Prop.ForAll(shrinks ? ScheduleGenerator.Arbitrary : Arb.From(ScheduleGenerator.Arbitrary.Generator), schedule =>
            {
                string? found = null;
                ManualClock.Run(() => found = faultOf(schedule));
                last = found is null ? last : $"{found}{Environment.NewLine}{schedule}";
                return found is null;
            }).Check(config);
        }
        catch (Exception exception)
        {
            Assert.Fail($"CHATS_TEST_SEED={Seeds.Seed}: {last ?? exception.ToString()}");
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
