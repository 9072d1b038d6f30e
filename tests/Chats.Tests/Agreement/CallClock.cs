namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>A clock for a client that serves many calls: each call has its own, which its test can move.</summary>
internal sealed class CallClock(Func<ManualClock> clockOfCall) : TimeProvider
{
    public override long TimestampFrequency => clockOfCall().TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clockOfCall().GetUtcNow();

    public override long GetTimestamp() => clockOfCall().GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clockOfCall().CreateTimer(callback, state, dueTime, period);
}
