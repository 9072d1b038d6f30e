namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>What headers of the quota the service sends.</summary>
internal enum Headers
{
    Truthful,
    None,
    WithoutDate,
    OnlyRemaining,
    Nonsense,
}

/// <summary>One call of a schedule. Times in milliseconds; zero for CancelAfter is never.</summary>
internal sealed record Step(int At, int Business, bool Sends, int CancelAfter, int Latency, int BodyDelay, Fault[] Faults);

/// <summary>A run to be: what the service is like, and who calls when.</summary>
internal sealed record Schedule(
    int Quota, int StartSecond, int SkewMs, Headers Headers, int MaxQuotaWaitMs, int TimeoutMs, int MaxAttempts, Step[] Steps)
{
    public override string ToString() => string.Join(
        Environment.NewLine,
        Steps.Select(step => $"  {step with { Faults = [] }} [{string.Join(", ", step.Faults)}]").Prepend(
            $"quota {Quota}, start second {StartSecond}, skew {SkewMs} ms, headers {Headers}, MaxQuotaWait {MaxQuotaWaitMs} ms, " +
            $"Timeout {TimeoutMs} ms, MaxAttempts {MaxAttempts}"));
}
