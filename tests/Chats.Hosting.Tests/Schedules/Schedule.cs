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
