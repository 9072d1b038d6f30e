using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace YandexMarket.Chats.Hosting;

/// <summary>The instruments and the activity, named by OpenTelemetry's conventions for HTTP clients.</summary>
internal sealed class ChatsMetrics
{
    private static readonly ActivitySource _activities = new(ChatsTelemetry.ActivitySourceName);

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _errorResponses;
    private readonly Histogram<double> _quotaWait;

    public ChatsMetrics(IMeterFactory meters, QuotaLimiter limiter)
    {
        var meter = meters.Create(ChatsTelemetry.MeterName);
        _duration = CreateHistogram(meter, "chats.client.call.duration", "Duration of calls, including all attempts and waits.");
        _attempts = meter.CreateCounter<long>("chats.client.attempts", "{attempt}", "Requests made, including retries.");
        _errorResponses = meter.CreateCounter<long>("chats.client.error_responses", "{response}", "Error responses, by status.");
        _quotaWait = CreateHistogram(meter, "chats.client.quota.wait.duration", "Time spent waiting for the limits.");
        // Without measurements if the application has a limiter of its own.
        meter.CreateObservableGauge(
            "chats.client.quota.remaining",
            () => limiter.Remaining().Select(left => new Measurement<long>(
                left.Remaining,
                new("chats.operation", left.Operation.Id),
                new("chats.business.id", left.BusinessId),
                new("chats.key.id", left.KeyId),
                new("server.address", left.BaseAddress.Host),
                new("server.port", left.BaseAddress.Port))),
            "{request}",
            "Remaining requests in the hourly quota, as far as this process knows.");
    }

    /// <summary>Whether anyone listens for the end of calls.</summary>
    public bool IsObserved => _duration.Enabled || _activities.HasListeners();

    public static Activity? Start(ChatsOperation operation, ChatsClientOptions options, string url, long businessId, long? chatId)
    {
        if (!_activities.HasListeners())
        {
            return null;
        }

        var activity = _activities.CreateActivity($"{operation.Method.Method} {operation.Path}", ActivityKind.Client);
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("http.request.method", operation.Method.Method);
            activity.SetTag("url.template", operation.Path);
            activity.SetTag("url.full", url);
            activity.SetTag("server.address", options.BaseAddress.Host);
            activity.SetTag("server.port", options.BaseAddress.Port);
            activity.SetTag("chats.operation", operation.Id);
            activity.SetTag("chats.business.id", businessId);
            // A null value adds no tag.
            activity.SetTag("chats.chat.id", chatId);
            activity.SetTag("chats.message.id", UrlIds.Find(url, "messageId="));
        }

        return activity?.Start();
    }

    public void Ended(ChatsOperation operation, TimeSpan duration, string? error)
    {
        var tags = Tags(operation);
        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        _duration.Record(duration.TotalSeconds, tags);
    }

    /// <param name="operation">The operation.</param>
    /// <param name="status">The status of the response; null if there is none.</param>
    /// <param name="exception">Why there is no response; null if the caller canceled the call.</param>
    public void Attempted(ChatsOperation operation, int? status, Exception? exception = null) => Observer.Notify(
        static attempt =>
        {
            var (metrics, operation, status, exception) = attempt;
            if (status is not null)
            {
                Current()?.SetTag("http.response.status_code", status);
            }

            if (!metrics._attempts.Enabled && !metrics._errorResponses.Enabled)
            {
                return;
            }

            var tags = Tags(operation);
            if (status is not null)
            {
                tags.Add("http.response.status_code", status);
            }
            else if (exception is not null)
            {
                tags.Add("error.type", exception.GetType().FullName);
            }

            metrics._attempts.Add(1, tags);
            if (status >= 300)
            {
                metrics._errorResponses.Add(1, tags);
            }
        },
        (this, operation, status, exception));

    public void QuotaWaited(ChatsCall call, TimeSpan wait) => Observer.Notify(() =>
    {
        _quotaWait.Record(wait.TotalSeconds, Tags(call.Operation));
        Current()?.AddEvent(new ActivityEvent("chats.quota.wait", tags: new() { ["chats.wait"] = wait.TotalSeconds }));
    });

    /// <summary>Records an attempt that is followed by another one.</summary>
    public static void Retrying(int attempt, string reason, TimeSpan delay) =>
        Current()?.AddEvent(new ActivityEvent(
            "chats.attempt", tags: new() { ["chats.attempt"] = attempt, ["error.type"] = reason, ["chats.delay"] = delay.TotalSeconds }));

    /// <summary>The call's own activity: the current one may be that of a handler in front, or without a listener for ours the caller's.</summary>
    private static Activity? Current()
    {
        var activity = _activities.HasListeners() ? Activity.Current : null;
        while (activity is not null && activity.Source != _activities)
        {
            activity = activity.Parent;
        }

        return activity is { IsAllDataRequested: true } ? activity : null;
    }

    /// <summary>In seconds. OpenTelemetry's default bounds are for milliseconds.</summary>
    private static Histogram<double> CreateHistogram(Meter meter, string name, string description) =>
#if NET9_0_OR_GREATER
        meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 30],
        });
#else
        meter.CreateHistogram<double>(name, "s", description);
#endif

    private static TagList Tags(ChatsOperation operation) => new()
    {
        { "chats.operation", operation.Id },
        { "http.request.method", operation.Method.Method },
    };
}
