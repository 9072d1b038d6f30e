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
    public void What_other_businesses_do_changes_nothing_for_one() => Check(ScheduleCheck.Businesses, Seeds.Amount(1_000));

    private static void Check(ScheduleCheck check, int schedules)
    {
        TestContext.Out.WriteLine($"{schedules} schedules, CHATS_TEST_SEED={Seeds.Seed}");

        Assert.That(check.FirstFault((ulong)Seeds.Seed, schedules, shrinks: true), Is.Null, $"CHATS_TEST_SEED={Seeds.Seed}");
    }
}
