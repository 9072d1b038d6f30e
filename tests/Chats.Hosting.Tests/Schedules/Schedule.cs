using FsCheck;
using FsCheck.Fluent;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>What happens to one attempt on its way.</summary>
internal enum Fault
{
    None,
    Refused,        // No connection: fails before a byte is asked for.
    ConnectStalls,  // Neither a connection nor a failure, until the caller cancels.
    LostOnTheWay,   // Reset after the request was written, before the service saw it.
    ResponseLost,   // Taken by the service, then reset.
    ResponseStalls, // Taken by the service, which then never responds.
    BodyCut,        // Taken by the service; the response's body is truncated.
    Html,           // Taken by the service; what comes back is not JSON.
    Error500,       // Not taken; 500.
    Error500Taken,  // Accepted anyway; 500.
    Edge503,        // Not taken; 503 from the edge, which counts nothing and sends no headers of the quota.
    Parallel420,    // Not taken; a 420 that says "parallel", for reasons of the service's own.
    Bare420,        // Not taken; a 420 whose text and headers say nothing.
    NotFound,       // Not taken; 404.
}

/// <summary>What headers of the quota the service sends.</summary>
internal enum Headers { Truthful, None, WithoutDate, OnlyRemaining, Nonsense }

/// <summary>One call of a schedule. Times in milliseconds; zero for CancelAfter is never.</summary>
internal sealed record Step(int At, int Business, bool Sends, int CancelAfter, int Latency, int BodyDelay, Fault[] Faults);

/// <summary>What the service is like, and who calls when.</summary>
internal sealed record Schedule(
    int Quota, int StartSecond, int SkewMs, Headers Headers, int MaxQuotaWaitMs, int TimeoutMs, int MaxAttempts, Step[] Steps)
{
    public override string ToString() => string.Join(
        Environment.NewLine,
        Steps.Select(step => $"  {step with { Faults = [] }} [{string.Join(", ", step.Faults)}]").Prepend(
            $"quota {Quota}, start second {StartSecond}, skew {SkewMs} ms, headers {Headers}, MaxQuotaWait {MaxQuotaWaitMs} ms, " +
            $"Timeout {TimeoutMs} ms, MaxAttempts {MaxAttempts}"));
}

/// <summary>Makes schedules, and smaller ones of a failing one: with fewer calls.</summary>
internal static class ScheduleGenerator
{
    private static readonly Gen<Fault> _fault = Gen.Frequency((6, Gen.Constant(Fault.None)), (5, Gen.Elements(Enum.GetValues<Fault>())));

    private static readonly Gen<Step> _step =
        from at in Gen.Frequency((3, Gen.Choose(0, 3_000)), (1, Gen.Choose(0, 60_000)))
        from business in Gen.Choose(1, 3)
        from sends in Gen.Elements(true, false)
        from cancelAfter in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(1, 6_000)))
        from latency in Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(1, 800)), (1, Gen.Choose(800, 6_000)))
        from bodyDelay in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 2_000)))
        from faults in Gen.ListOf(_fault, 4)
        select new Step(at, business, sends, cancelAfter, latency, bodyDelay, [.. faults]);

    // Half of the runs begin just before the full hour. Without a Date nobody can know that the clocks differ.
    private static readonly Gen<Schedule> _schedule = Gen.Sized(size =>
        from quota in Gen.Frequency((2, Gen.Choose(1, 12)), (1, Gen.Constant(1_000)))
        from start in Gen.Frequency((1, Gen.Choose(0, 3_500)), (1, Gen.Choose(3_560, 3_599)))
        from headers in Gen.Frequency((3, Gen.Constant(Headers.Truthful)), (2, Gen.Elements(Enum.GetValues<Headers>())))
        from skew in headers is Headers.Truthful ? Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(-3_000, 3_000))) : Gen.Constant(0)
        from maxWait in Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(1, 10_000)), (1, Gen.Choose(10_000, 4_000_000)))
        from timeout in Gen.Frequency((3, Gen.Choose(1_000, 20_000)), (1, Gen.Choose(20_000, 4_000_000)))
        from attempts in Gen.Choose(1, 5)
        from count in Gen.Choose(1, Math.Max(2, size))
        from steps in Gen.ListOf(_step, count)
        select new Schedule(quota, start, skew, headers, maxWait, timeout, attempts, [.. steps]));

    public static Arbitrary<Schedule> Arbitrary { get; } = Arb.From(_schedule, Smaller);

    private static IEnumerable<Schedule> Smaller(Schedule schedule)
    {
        for (var size = schedule.Steps.Length / 2; size > 0; size /= 2)
        {
            for (var start = 0; start + size <= schedule.Steps.Length; start += size)
            {
                yield return schedule with { Steps = [.. schedule.Steps[..start], .. schedule.Steps[(start + size)..]] };
            }
        }
    }
}
