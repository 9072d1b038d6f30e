using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>Registers the health check of a client.</summary>
public static class ChatsHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that says whether the client has a well-formed key, and what is left of the quotas of the businesses that it was used
    /// for: degraded while one of them is used up, or after a response 401, and as <paramref name="failureStatus"/> says after five of them
    /// without a success in between. It makes no request.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name that the client was registered with; null for the one without a name.</param>
    /// <param name="failureStatus">What to report when there is no key, or when the service keeps refusing it. Default: unhealthy.</param>
    /// <param name="tags">Tags to filter by.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddChatsClient(
        this IHealthChecksBuilder builder, string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            string.IsNullOrEmpty(name) ? "chats" : $"chats-{name}",
            services => new ChatsHealthCheck(name ?? Options.DefaultName, services),
            failureStatus,
            tags));
    }
}
