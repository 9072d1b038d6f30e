using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>Checks the key and the quotas in use, without a request.</summary>
internal sealed class ChatsHealthCheck(string name, IServiceProvider services) : IHealthCheck
{
    /// <summary>One 401 may come from a key that is just being replaced; this many do not.</summary>
    private const int UnauthorizedUntilFailure = 5;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failure)
    {
        if (!services.GetServices<RegisteredClient>().Contains(new RegisteredClient(name)))
        {
            return new HealthCheckResult(
                failure, $"{(name.Length == 0 ? "The unnamed client" : $"Client '{name}'")} is not registered: call AddChatsClient for it.");
        }

        string? key;
        try
        {
            // Throws if there is no well-formed key.
            key = services.GetRequiredService<IOptionsMonitor<ChatsClientOptions>>().Get(name).ApiKey;
        }
        catch (Exception exception)
        {
            var reason = (exception as OptionsValidationException)?.Message ?? "The configuration cannot be read.";
            // After a mistake in a reload the client goes on with its last valid key, and a restart would stop it.
            return services.GetRequiredService<ChatsServices>().HasClient(name)
                ? HealthCheckResult.Degraded($"{reason} The last valid key stays in use.")
                : new HealthCheckResult(failure, reason);
        }

        var client = services.GetRequiredService<ChatsServices>().Of(name);
        if (client.Key.Latest is { } provided && OptionsErrors.Of(new ChatsClientOptions { ApiKey = provided }, section: null) is not null)
        {
            return new HealthCheckResult(failure, "ApiKeyProvider threw, or returned a malformed key.");
        }

        // After a reload not that of the latest request.
        key ??= client.Key.Latest;
        var keyId = key is null ? null : client.Key.IdOf(key);
        var unauthorized = client.Key.GetUnauthorizedCount(client.Key.Latest is null ? keyId : null);
        if (unauthorized > 0)
        {
            var message = $"The service rejected the key with status 401 ({unauthorized} times since the last success). Set another key.";
            return unauthorized >= UnauthorizedUntilFailure ? new HealthCheckResult(failure, message) : HealthCheckResult.Degraded(message);
        }

        // The quotas used with the current key at the client's address; none with a custom limiter.
        var quotas = services.GetRequiredService<QuotaLimiter>().Remaining()
            .Where(left => left.KeyId == keyId && left.BaseAddress == client.Address).ToList();
        var data = quotas.ToDictionary(left => $"{left.Operation.Id} of business {left.BusinessId}", left => (object)$"{left.Remaining} of {left.Limit}");
        var usedUp = quotas.Count(left => left.Remaining == 0);
        return quotas.Count == 0 ? HealthCheckResult.Healthy("The key is well-formed.")
            : usedUp == 0 ? HealthCheckResult.Healthy("The key is well-formed, and no quota is used up.", data)
            : HealthCheckResult.Degraded($"The key is well-formed, but hourly quotas are used up: {usedUp}.", data: data);
    }
}
