using FsCheck;
using FsCheck.Fluent;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>Something that holds for every schedule: plays as many as it is told, and gives the first that breaks it.</summary>
internal sealed class ScheduleCheck(string name, Func<Schedule, string?> fault)
{
    public static readonly ScheduleCheck Promises = new("promises", ScheduleRun.BrokenPromise);

    public static readonly ScheduleCheck Businesses = new("businesses", FaultBetweenBusinesses);

    public string Name => name;

    /// <summary>How many held, and if not all, the fault; the smallest that was found, if it shrinks.</summary>
    public int Run(ulong seed, int count, bool shrinks, out string? broken)
    {
        string? last = null;
        var runner = new Recorder();
        // FsCheck wants the second number odd.
        var config = Config.QuickThrowOnFailure
            .WithMaxTest(count).WithReplay(seed, 1).WithQuietOnSuccess(true).WithRunner(runner).WithEndSize(40);
        Prop.ForAll(shrinks ? ScheduleGenerator.Arbitrary : Arb.From(ScheduleGenerator.Arbitrary.Generator), schedule =>
        {
            string? found = null;
            ManualClock.Run(() => found = fault(schedule));
            last = found is null ? last : $"{found}{Environment.NewLine}{schedule}";
            return found is null;
        }).Check(config);
        broken = last ?? runner.Failure;
        return runner.Passed;
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
            .Select(i => $"call {i + 1} of business 1 came to {all[i]} beside the others, and to {alone[i]} alone")
            .FirstOrDefault();
    }

    private sealed class Recorder : IRunner
    {
        public int Passed { get; private set; }

        /// <summary>What FsCheck itself says, as of an exception.</summary>
        public string? Failure { get; private set; }

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
            Failure = value2 is TestResult.Failed { Item5: var outcome } ? outcome.ToString() : null;
        }
    }
}
