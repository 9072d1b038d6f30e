using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>What all registered clients of a container share, and how a client is created.</summary>
internal sealed class ChatsServices(
    IHttpClientFactory http,
    IHttpMessageHandlerFactory handlers,
    IOptionsMonitor<ChatsClientOptions> clientOptions,
    IOptionsMonitor<ChatsHostingOptions> hostingOptions,
    QuotaLimiter limiter,
    ChatsMetrics metrics,
    ILoggerFactory loggers,
    IEnumerable<IOptionsChangeTokenSource<ChatsClientOptions>> reloads,
    PartitionedRateLimiter<ChatsCall>? customLimiter = null)
{
    private readonly ConcurrentDictionary<string, ClientState> _clients = new();
    private readonly ChatsLog _log = new(loggers.CreateLogger("YandexMarket.Chats"));

    public ClientState Of(string name) => _clients.GetOrAdd(name, name => new ClientState(clientOptions.Get(name), hostingOptions.Get(name)));

    /// <summary>Whether the client has valid options, which it keeps.</summary>
    public bool HasClient(string name) => _clients.ContainsKey(name);

    public IChatsClient CreateClient(string name)
    {
        var state = Of(name);
        var options = state.Options;
        var key = GetKeyProvider(name, state);
        var effective = options.Clone();
        if (key is not null)
        {
            (effective.ApiKey, effective.ApiKeyProvider) = (null, key);
        }

        var httpName = Registration.GetHttpClientName(name);
        // The factory keeps the handlers that it builds here for the HttpClient.
        PrimaryHandler.Guard(handlers.CreateHandler(httpName), options);
        return new ChatsClient(http.CreateClient(httpName), effective, new CallObserver(effective, metrics, _log));
    }

    public void AddHandlers(IList<DelegatingHandler> additional, string name)
    {
        var client = Of(name);
        additional.Add(new RetryHandler(
            client,
            !client.Hosting.UseQuota ? null
            : customLimiter is null ? limiter.EnterAsync
            : new CustomLimiter(customLimiter, client.Options.TimeProvider, _log).EnterAsync,
            metrics,
            _log));
    }

    /// <summary>The provider of a key that can change; null for a fixed key.</summary>
    private Func<CancellationToken, ValueTask<string>>? GetKeyProvider(string name, ClientState state)
    {
        if (state.Options.ApiKeyProvider is { } provider)
        {
            return async cancellationToken =>
            {
                try
                {
                    return state.Key.Latest = await provider(cancellationToken).ConfigureAwait(false);
                }
                catch (Exception) when (!cancellationToken.IsCancellationRequested)
                {
                    state.Key.Latest = "";
                    throw;
                }
            };
        }

        // Set in code, and nothing that is reloaded sets it again.
        if (!reloads.Any(reload => reload.Name is null || reload.Name == name))
        {
            return null;
        }

        var key = new LiveKey(name, state.Options.ApiKey!, clientOptions, _log);
        return _ => new ValueTask<string>(key.Read());
    }
}

/// <summary>A client's initial options, which it and its handlers keep even if a reload changes them, and the state of its key.</summary>
internal sealed record ClientState(ChatsClientOptions Options, ChatsHostingOptions Hosting)
{
    public ClientKey Key { get; } = new();

    /// <summary>One service has one count, whether or not its address is configured with a trailing slash.</summary>
    public Uri Address { get; } = Options.BaseAddress.AbsoluteUri.EndsWith('/') ? Options.BaseAddress : new Uri(Options.BaseAddress.AbsoluteUri + "/");
}

/// <summary>Creates the states of all clients when the host starts, so that a mistake in a reload before the first call is ignored as well.</summary>
internal sealed class ClientStart(ChatsServices services, IEnumerable<RegisteredClient> clients) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var client in clients)
        {
            services.Of(client.Name);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
