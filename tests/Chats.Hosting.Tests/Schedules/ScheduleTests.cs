namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>
/// Ten thousand random schedules of faults, refusals, header values, cancellations and parallel calls, in virtual time and on one thread. A
/// failing one is shrunk and printed; CHATS_SCHEDULES_SEED with the seed of the log runs the same ones again. In CI they are always the same.
/// </summary>
internal sealed class ScheduleTests
{
    private const int Schedules = 10_000;
    private const ulong SeedInCI = 1;

    [Test]
    public void No_schedule_breaks_a_promise() => Check(ScheduleCheck.Promises, Schedules);

    [Test]
    public void What_other_businesses_do_changes_nothing_for_one() => Check(ScheduleCheck.Businesses, Schedules / 10);

    private static void Check(ScheduleCheck check, int count)
    {
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("CHATS_SCHEDULES_SEED"), out var given) ? given
            : Environment.GetEnvironmentVariable("CI") == "true" ? SeedInCI
            : (ulong)Random.Shared.NextInt64(1, long.MaxValue);
        TestContext.Out.WriteLine($"{check.Name}: {count} schedules, CHATS_SCHEDULES_SEED={seed}");

        var passed = check.Run(seed, count, shrinks: true, out var broken);

        Assert.That(passed, Is.EqualTo(count), $"seed {seed}, shrunk to: {broken}");
    }
}
