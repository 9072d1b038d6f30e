using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>Registers the health check of the receiver.</summary>
public static class ChatsNotificationsHealthChecksBuilderExtensions
{
    /// <summary>Adds the <c>chats-notifications</c> health check, which reports when the last PING of the service arrived.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="maxPingAge">
    /// How old the last PING may be. Before the first PING, the time since startup counts. Default: null, no limit, because it is not documented
    /// how often the service sends one.
    /// </param>
    /// <param name="failureStatus">The status if the last PING is older, or without <c>AddChatsNotifications</c> of the services. Default: unhealthy.</param>
    /// <param name="tags">The tags of the check. Default: none.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddChatsNotifications(
        this IHealthChecksBuilder builder, TimeSpan? maxPingAge = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            "chats-notifications",
            services => new NotificationHealthCheck(services.GetService<NotificationMetrics>(), maxPingAge),
            failureStatus,
            tags));
    }

    private sealed class NotificationHealthCheck(NotificationMetrics? metrics, TimeSpan? maxPingAge) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            if (metrics is null)
            {
                return Task.FromResult(new HealthCheckResult(
                    context.Registration.FailureStatus, "There is no receiver: call services.AddChatsNotifications<THandler>()."));
            }

            var description = metrics.LastPing is { } at
                ? string.Create(CultureInfo.InvariantCulture, $"The last PING arrived at {at:u}.")
                : "No PING has arrived since startup.";
            var status = metrics.TimeSinceLastPing > maxPingAge ? context.Registration.FailureStatus : HealthStatus.Healthy;
            return Task.FromResult(new HealthCheckResult(status, description));
        }
    }
}
