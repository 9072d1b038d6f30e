using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>What all registered clients of a container share, and how a client is created.</summary>
internal sealed class ChatsServices(
    IHttpClientFactory http,
    IHttpMessageHandlerFactory handlers,
    IOptionsMonitor<ChatsClientOptions> clientOptions,
    IOptionsMonitor<ChatsHostingOptions> hostingOptions,
    PartitionedRateLimiter<ChatsCall> limiter,
    ChatsMetrics metrics,
    ILoggerFactory loggers,
    IEnumerable<IOptionsChangeTokenSource<ChatsClientOptions>> reloads)
{
    private readonly ConcurrentDictionary<string, ClientState> _clients = new();
    private readonly ChatsLog _log = new(loggers.CreateLogger("YandexMarket.Chats"));

    public ClientState Of(string name) => _clients.GetOrAdd(name, name => new ClientState(clientOptions.Get(name), hostingOptions.Get(name)));

    /// <summary>Whether the client has been created.</summary>
    public bool HasClient(string name) => _clients.TryGetValue(name, out var state) && state.IsInUse;

    public IChatsClient CreateClient(string name)
    {
        var state = Of(name);
        var options = state.Options;
        var key = GetKeyProvider(name, options);
        var effective = options.Clone();
        if (key is not null)
        {
            (effective.ApiKey, effective.ApiKeyProvider) = (null, key);
        }

        var httpName = Registration.GetHttpClientName(name);
        // The factory keeps the handlers that it builds here for the HttpClient.
        PrimaryHandler.Guard(handlers.CreateHandler(httpName), options.BaseAddress);
        var client = new ChatsClient(http.CreateClient(httpName), effective, new CallObserver(effective, metrics, _log));
        state.IsInUse = true;
        return client;
    }

    public void AddHandlers(IList<DelegatingHandler> additional, string name)
    {
        var client = Of(name);
        var gate = client.Hosting.UseQuota
            ? new LimiterGate(limiter, client.Address, client.Hosting.MaxQuotaWait, client.KeyId, client.Options.TimeProvider, metrics, _log)
            : null;
        additional.Add(new RetryHandler(client.Hosting, client.Options, gate, metrics, _log, client.KeyHealth));
    }

    /// <summary>The provider of a key that can change; null for a fixed key.</summary>
    private Func<CancellationToken, ValueTask<string>>? GetKeyProvider(string name, ChatsClientOptions options)
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

/// <summary>A client's initial options, which it and its handlers keep even if a reload changes them, and the state of its key.</summary>
internal sealed record ClientState(ChatsClientOptions Options, ChatsHostingOptions Hosting)
{
    public KeyId KeyId { get; } = new();

    public KeyHealth KeyHealth { get; } = new();

    public bool IsInUse { get; set; }

    /// <summary>One service has one count, whether or not its address is configured with a trailing slash.</summary>
    public Uri Address => Options.BaseAddress.AbsoluteUri.EndsWith('/') ? Options.BaseAddress : new Uri(Options.BaseAddress.AbsoluteUri + "/");
}
