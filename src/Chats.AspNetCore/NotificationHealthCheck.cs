using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>Says when the last PING came.</summary>
internal sealed class NotificationHealthCheck(NotificationMetrics metrics, TimeSpan? maxPingAge) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var last = metrics.LastPing;
        var words = last is { } at ? string.Create(CultureInfo.InvariantCulture, $"The last PING came at {at:u}.") : "No PING has come since the start.";
        var isLate = metrics.TimeWithoutPing > maxPingAge;
        return Task.FromResult(isLate ? new HealthCheckResult(context.Registration.FailureStatus, words) : HealthCheckResult.Healthy(words));
    }
}
