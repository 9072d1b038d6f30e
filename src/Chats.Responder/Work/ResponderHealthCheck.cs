using Microsoft.Extensions.Diagnostics.HealthChecks;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Work;

internal sealed class ResponderHealthCheck(MessageStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var open = await store.CountOpenAsync(cancellationToken).ConfigureAwait(false);
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
