using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.Serialization;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>The instruments, and the time of the last PING.</summary>
internal sealed class NotificationMetrics
{
    // As in the contract.
    private static readonly Dictionary<NotificationType, string> _names = Enum.GetValues<NotificationType>().ToDictionary(
        type => type, type => typeof(NotificationType).GetField($"{type}")!.GetCustomAttribute<EnumMemberAttribute>()?.Value ?? "other");

    private readonly TimeProvider _clock;
    private readonly Counter<long> _count;
    private readonly Histogram<double> _duration;
    private readonly DateTimeOffset _start;
    private long _lastPing;

    public NotificationMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        _start = clock.GetUtcNow();
        var meter = meters.Create(ChatsNotificationTelemetry.MeterName);
        _count = meter.CreateCounter<long>("chats.notifications", "{notification}", "Requests to the endpoint, by type and outcome.");
        // The default boundaries are meant for milliseconds.
        _duration = meter.CreateHistogram(
            "chats.notification.duration",
            "s",
            "Duration of requests to the endpoint, including the handler.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 30] });
        meter.CreateObservableGauge("chats.notification.ping.age", PingAge, "s", "Time since the last PING; no value before the first.");
    }

    /// <summary>When the last PING arrived; null if none has arrived since startup.</summary>
    public DateTimeOffset? LastPing => Volatile.Read(ref _lastPing) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The time since the last PING, or since startup.</summary>
    public TimeSpan TimeSinceLastPing => _clock.GetUtcNow() - (LastPing ?? _start);

    public void RecordPing() => Volatile.Write(ref _lastPing, _clock.GetUtcNow().UtcTicks);

    public void Ended(NotificationType? type, string outcome, TimeSpan duration)
    {
        KeyValuePair<string, object?> typeTag = new("chats.notification.type", type is { } known ? _names[known] : "none");
        KeyValuePair<string, object?> outcomeTag = new("chats.notification.outcome", outcome);
        _count.Add(1, typeTag, outcomeTag);
        _duration.Record(duration.TotalSeconds, typeTag, outcomeTag);
    }

    private IEnumerable<Measurement<double>> PingAge() => LastPing is null ? [] : [new(TimeSinceLastPing.TotalSeconds)];
}
