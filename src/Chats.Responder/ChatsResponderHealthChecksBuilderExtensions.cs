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

    private sealed class ResponderHealthCheck(MessageStore? store, WorkerFailures? failures) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            if (store is null || failures is null)
            {
                return new(context.Registration.FailureStatus, "There is no responder: call services.AddChatsResponder<TResponder>().");
            }

            try
            {
                var open = await store.CountOpenAsync(cancellationToken).ConfigureAwait(false);
                if (failures.Values.FirstOrDefault() is { } reason)
                {
                    return new(context.Registration.FailureStatus, $"The database can be read, but the worker fails, so nothing is answered: {reason}. See the log.");
                }

                var attention = open.GetValueOrDefault(MessageState.NeedsAttention);
                var data = open.ToDictionary(state => state.Key.ToString(), state => (object)state.Value);
                return attention == 0
                    ? HealthCheckResult.Healthy("No message needs a human.", data)
                    : HealthCheckResult.Degraded($"Messages that need a human: {attention}.", data: data);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                return new(context.Registration.FailureStatus, $"The database cannot be read: {ResponderLog.Describe(failure)}.");
            }
        }
    }
}
