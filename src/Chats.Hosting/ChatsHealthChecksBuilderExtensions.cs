using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>Registers the health check of a client.</summary>
public static class ChatsHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds the health check of a client's key and quotas, named <c>chats</c>, or <c>chats-</c> and the client's name. It makes no request. It
    /// reports <paramref name="failureStatus"/> without a well-formed key, after five 401 responses with no success in between, and if the client is
    /// not registered; degraded after a 401, while a quota is used up, and after a reload with a malformed key, because the last valid one stays in
    /// use. Its data contains the remaining quotas, unless the limits are those of Redis or of a limiter of your own.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="clientName">The name that the client was registered with; null for the unnamed client. Default: null.</param>
    /// <param name="failureStatus">What to report without a valid key, or without the client. Default: unhealthy.</param>
    /// <param name="tags">Tags to filter by. Default: none.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddChatsClient(
        this IHealthChecksBuilder builder, string? clientName = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            string.IsNullOrEmpty(clientName) ? "chats" : $"chats-{clientName}",
            services => new ChatsHealthCheck(clientName ?? Options.DefaultName, services),
            failureStatus,
            tags));
    }
}
