using FsCheck;
using FsCheck.Fluent;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>
/// Ten thousand random schedules of faults, refusals, header values, cancellations and parallel calls, in virtual time and on one thread. A
/// failing one is shrunk and printed; CHATS_SCHEDULES_SEED with the seed of the log runs the same ones again.
/// </summary>
internal sealed class ScheduleTests
{
    private const int Schedules = 10_000;

    [Test]
    public void No_schedule_breaks_a_promise() => Check(Schedules, "promises", schedule => ScheduleRun.BrokenPromise(schedule));

    [Test]
    public void What_other_businesses_do_changes_nothing_for_one() => Check(Schedules / 10, "businesses", schedule =>
    {
        var all = ScheduleRun.Ends(schedule);
        // The others' steps stay in their places, so that the calls keep their numbers, but begin when all is over.
        var alone = ScheduleRun.Ends(schedule with
        {
            Steps = [.. schedule.Steps.Select(step => step.Business == 1 ? step : step with { At = step.At + 100_000_000 })],
        });
        return Enumerable.Range(0, all.Count)
            .Where(i => schedule.Steps[i].Business == 1 && all[i] != alone[i])
            .Select(i => $"call {i + 1} of business 1 came to {all[i]} beside the others, and to {alone[i]} alone")
            .FirstOrDefault();
    });

    private static void Check(int count, string name, Func<Schedule, string?> fault)
    {
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("CHATS_SCHEDULES_SEED"), out var given)
            ? given
            : (ulong)Random.Shared.NextInt64(1, long.MaxValue);
        TestContext.Out.WriteLine($"{name}: {count} schedules, CHATS_SCHEDULES_SEED={seed}");
        var runner = new Recorder();
        // FsCheck wants the second number odd.
        var config = Config.QuickThrowOnFailure
            .WithMaxTest(count).WithReplay(seed, 1).WithQuietOnSuccess(true).WithRunner(runner).WithEndSize(40);
        var property = Prop.ForAll(ScheduleGenerator.Arbitrary, schedule =>
        {
            string? broken = null;
            VirtualClock.Run(() => broken = fault(schedule));
            runner.Last = broken is null ? runner.Last : $"{broken}{Environment.NewLine}{schedule}";
            return broken is null;
        });
        property.Check(config);
        Assert.That(runner.Passed, Is.EqualTo(count), $"seed {seed}, shrunk to: {runner.Last}");
    }

    private sealed class Recorder : IRunner
    {
        public int Passed { get; private set; }

        /// <summary>The last failure seen while shrinking is the smallest.</summary>
        public string? Last { get; set; }

        public void OnStartFixture(Type value)
        {
        }

        public void OnArguments(int value1, Microsoft.FSharp.Collections.FSharpList<object> value2, Microsoft.FSharp.Core.FSharpFunc<int, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string>> value3)
        {
        }

        public void OnShrink(Microsoft.FSharp.Collections.FSharpList<object> value1, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string> value2)
        {
        }

        public void OnFinished(string value1, TestResult value2)
        {
            Passed = value2 is TestResult.Passed passed ? passed.Item1.NumberOfTests : 0;
            if (value2 is TestResult.Failed { Item5: var outcome })
            {
                Last ??= outcome.ToString();
            }
        }
    }
}
