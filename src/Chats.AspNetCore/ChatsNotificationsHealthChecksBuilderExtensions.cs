using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>Registers the health check of the receiver.</summary>
public static class ChatsNotificationsHealthChecksBuilderExtensions
{
    /// <summary>Adds a check that says when the last PING of the service came.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="maxPingAge">
    /// How long ago the last PING, or the start before the first one, may be. Default: null, any time; how often the service asks is not
    /// documented.
    /// </param>
    /// <param name="failureStatus">What to report after that. Default: unhealthy.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddChatsNotifications(
        this IHealthChecksBuilder builder, TimeSpan? maxPingAge = null, HealthStatus? failureStatus = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            "chats-notifications",
            services => new NotificationHealthCheck(services.GetRequiredService<NotificationMetrics>(), maxPingAge),
            failureStatus,
            tags: null));
    }
}
