using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>Checks the key and the quotas in use, without a request.</summary>
internal sealed class ChatsHealthCheck(string name, IServiceProvider services) : IHealthCheck
{
    /// <summary>One 401 may come from a key that is just being replaced; this many do not.</summary>
    private const int RefusalsUntilFailure = 5;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(Check(context.Registration.FailureStatus));
    }

    private HealthCheckResult Check(HealthStatus failure)
    {
        if (!services.GetServices<RegisteredClient>().Contains(new RegisteredClient(name)))
        {
            return new HealthCheckResult(
                failure, $"There is no client {(name.Length == 0 ? "without a name" : $"'{name}'")}: AddChatsClient was not called for it.");
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
        // After a reload not that of the latest request.
        var keyId = key is null ? client.KeyId.Latest : client.KeyId.Of(key);
        var refusals = client.KeyHealth.RefusalsOf(keyId);
        if (refusals > 0)
        {
            var message = $"The service refused the key: {refusals} responses 401 since the last success. Set another key.";
            return refusals >= RefusalsUntilFailure ? new HealthCheckResult(failure, message) : HealthCheckResult.Degraded(message);
        }

        // The quotas used with the current key at the client's address; none with a custom limiter.
        var quotas = services.GetRequiredService<PartitionedRateLimiter<ChatsCall>>() is QuotaLimiter ours
            ? ours.Remaining().Where(left => left.KeyId == keyId && left.BaseAddress == client.Address).ToList()
            : [];
        var data = quotas.ToDictionary(left => $"{left.Operation.Id} of business {left.BusinessId}", left => (object)$"{left.Remaining} of {left.Limit}");
        var usedUp = quotas.Count(left => left.Remaining == 0);
        return quotas.Count == 0 ? HealthCheckResult.Healthy("There is a key.")
            : usedUp == 0 ? HealthCheckResult.Healthy("There is a key, and room in the quotas.", data)
            : HealthCheckResult.Degraded($"There is a key, but {usedUp} of the quotas are used up until their hour ends.", data: data);
    }
}

/// <summary>Counts the responses 401 to a key since its last success.</summary>
internal sealed class KeyHealth
{
    private readonly KeyId _keyId = new();
    private volatile Tuple<string, int>? _refused;

    public int RefusalsOf(string? keyId) => _refused is { } refused && refused.Item1 == keyId ? refused.Item2 : 0;

    public void Seen(HttpRequestMessage request, int status)
    {
        if (status == 401)
        {
            lock (_keyId)
            {
                var keyId = _keyId.Of(request);
                _refused = Tuple.Create(keyId, RefusalsOf(keyId) + 1);
            }
        }
        else if (status is >= 200 and < 300 && _refused is not null)
        {
            _refused = null;
        }
    }
}
