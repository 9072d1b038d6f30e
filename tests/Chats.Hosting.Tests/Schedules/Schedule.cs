namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>What happens to one attempt on its way.</summary>
internal enum Fault
{
    None,

    /// <summary>No connection: fails before a byte is asked for.</summary>
    Refused,

    /// <summary>Neither a connection nor a failure, until the caller cancels.</summary>
    ConnectStalls,

    /// <summary>Reset after the request was written, before the service saw it.</summary>
    LostOnTheWay,

    /// <summary>Taken by the service, then reset.</summary>
    ResponseLost,

    /// <summary>Taken by the service, which then never responds.</summary>
    ResponseStalls,

    /// <summary>Taken by the service; the response's body breaks off.</summary>
    BodyCut,

    /// <summary>Taken by the service; what comes back is not JSON.</summary>
    Html,

    /// <summary>Not taken; 500.</summary>
    Error500,

    /// <summary>Taken all the same; 500.</summary>
    Error500Taken,

    /// <summary>Not taken; 503 from the edge, which counts nothing and sends no headers of the quota.</summary>
    Edge503,

    /// <summary>Not taken; a 420 that says "parallel", for reasons of the service's own.</summary>
    Parallel420,

    /// <summary>Not taken; a 420 whose text and headers say nothing.</summary>
    Bare420,

    /// <summary>Not taken; 404.</summary>
    NotFound,
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
