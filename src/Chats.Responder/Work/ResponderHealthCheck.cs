using Microsoft.Extensions.Diagnostics.HealthChecks;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Work;

internal sealed class ResponderHealthCheck(MessageStore? store, WorkerFailures? current) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (store is null || current is null)
        {
            return new(context.Registration.FailureStatus, "There is no responder: call services.AddChatsResponder<TResponder>().");
        }

        try
        {
            var open = await store.CountOpenAsync(cancellationToken).ConfigureAwait(false);
            if (current.Any is { } reason)
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
