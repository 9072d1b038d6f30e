namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>
/// Random schedules of faults, refusals, header values, cancellations and parallel calls, in virtual time and each on one thread: with CI=true
/// ten thousand, always the same. A failing one is shrunk and printed; CHATS_SCHEDULES_SEED with the seed of the log runs the same ones again.
/// </summary>
internal sealed class ScheduleTests
{
    private const ulong SeedInCI = 1;

    [Test]
    public void No_schedule_breaks_a_promise() => Check(ScheduleCheck.Promises, Seeds.Amount(10_000));

    [Test]
    public void What_other_businesses_do_changes_nothing_for_one() => Check(ScheduleCheck.Businesses, Seeds.Amount(1_000));

    private static void Check(ScheduleCheck check, int schedules)
    {
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("CHATS_SCHEDULES_SEED"), out var given) ? given
            : Environment.GetEnvironmentVariable("CI") == "true" ? SeedInCI
            : (ulong)Random.Shared.NextInt64(1, long.MaxValue);
        TestContext.Out.WriteLine($"{schedules} schedules, CHATS_SCHEDULES_SEED={seed}");

        Assert.That(check.FirstFault(seed, schedules, shrinks: true), Is.Null, $"seed {seed}");
    }
}
