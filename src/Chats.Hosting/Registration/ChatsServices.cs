using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>What all registered clients of a container share, and how one is put together.</summary>
internal sealed class ChatsServices(
    IHttpClientFactory http,
    IOptionsMonitor<ChatsClientOptions> clientOptions,
    IOptionsMonitor<ChatsHostingOptions> hostingOptions,
    PartitionedRateLimiter<ChatsCall> limiter,
    ChatsMetrics metrics,
    ILoggerFactory loggers,
    IEnumerable<IOptionsChangeTokenSource<ChatsClientOptions>> reloads)
{
    private readonly ConcurrentDictionary<string, KeyId> _keyIds = new();
    private readonly ConcurrentDictionary<string, KeyHealth> _keyHealth = new();
    private readonly ConcurrentDictionary<string, (ChatsClientOptions Client, ChatsHostingOptions Hosting)> _options = new();
    private readonly ChatsLog _log = new(loggers.CreateLogger("YandexMarket.Chats"));

    /// <summary>The options from the start, which the client and its handlers keep, whatever a reload changes.</summary>
    public (ChatsClientOptions Client, ChatsHostingOptions Hosting) OptionsOf(string name) =>
        _options.GetOrAdd(name, name => (clientOptions.Get(name), hostingOptions.Get(name)));

    public IChatsClient CreateClient(string name)
    {
        var options = OptionsOf(name).Client;
        var key = KeyOf(name, options);
        var effective = options.Clone();
        if (key is not null)
        {
            (effective.ApiKey, effective.ApiKeyProvider) = (null, key);
        }

        return new ChatsClient(http.CreateClient(Registration.HttpClientNameOf(name)), effective, new CallObserver(effective, metrics, _log));
    }

    public void AddHandlers(IList<DelegatingHandler> handlers, string name)
    {
        var (options, hosting) = OptionsOf(name);
        var gate = hosting.UseQuota
            ? LimiterGate.Of(limiter, AddressOf(options.BaseAddress), hosting.MaxQuotaWait, KeyIdOf(name), options.TimeProvider, metrics, _log)
            : null;
        handlers.Add(new RetryHandler(hosting, options, gate, metrics, _log, KeyHealthOf(name)));
    }

    /// <summary>One service has one count, whether or not its address is configured with a trailing slash.</summary>
    public static Uri AddressOf(Uri baseAddress) => baseAddress.AbsoluteUri.EndsWith('/') ? baseAddress : new Uri(baseAddress.AbsoluteUri + "/");

    public KeyHealth KeyHealthOf(string name) => _keyHealth.GetOrAdd(name, static _ => new KeyHealth());

    public KeyId KeyIdOf(string name) => _keyIds.GetOrAdd(name, static _ => new KeyId());

    /// <summary>How to ask for a key that can change; null for one that stays.</summary>
    private Func<CancellationToken, ValueTask<string>>? KeyOf(string name, ChatsClientOptions options)
    {
        if (options.ApiKeyProvider is { } provider)
        {
            return provider;
        }

        // Set in code, and nothing that is reloaded sets it again.
        if (!reloads.Any(reload => reload.Name is null || reload.Name == name))
        {
            return null;
        }

        var key = new LiveKey(name, clientOptions, _log);
        return _ => new ValueTask<string>(key.Read());
    }
}
