using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using YandexMarket.Chats.Responder.Storage;
using YandexMarket.Chats.Responder.Work;

namespace YandexMarket.Chats.Responder;

/// <summary>Registers the health check of the responder.</summary>
public static class ChatsResponderHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds the <c>chats-responder</c> health check: degraded while a message needs a human, and <paramref name="failureStatus"/> while the database
    /// cannot be read or the responder's work on it fails, for example its migration. Its data are the numbers of messages that are not final, by state.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="failureStatus">The status while the database fails. Default: unhealthy.</param>
    /// <param name="tags">The tags of the check. Default: none.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddChatsResponder(
        this IHealthChecksBuilder builder, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            "chats-responder",
            services => new ResponderHealthCheck(services.GetService<MessageStore>(), services.GetService<WorkerFailures>()),
            failureStatus,
            tags));
    }
}
