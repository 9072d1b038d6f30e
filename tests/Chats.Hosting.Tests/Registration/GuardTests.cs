using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using static YandexMarket.Chats.Testing.ForeignHandler;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>Where the guard of sends is, whatever handlers the application adds.</summary>
internal sealed class GuardTests
{
    private static readonly Action<IHttpClientBuilder>[] _pipelines =
    [
        client => client.ConfigurePrimaryHttpMessageHandler(() => new ForeignHandler(SendTwice) { InnerHandler = ChatsClient.CreateHandler(new ChatsClientOptions { ApiKey = "key" }) }),
        client => client.ConfigurePrimaryHttpMessageHandler(() => new ChatsSendOnceHandler(StubHandler.Responding(200))),
        client => client.ConfigurePrimaryHttpMessageHandler(() => new ChatsSendOnceHandler(new ForeignHandler(SendTwice) { InnerHandler = StubHandler.Responding(200) })),
        client => client.ConfigurePrimaryHttpMessageHandler(() => new ForeignHandler(SendTwice) { InnerHandler = new ChatsSendOnceHandler(StubHandler.Responding(200)) }),
        client => client.AddHttpMessageHandler(() => new ChatsSendOnceHandler()).AddBehind(SendTwice),
        client => client.Services.AddFilter(handlers => handlers.AdditionalHandlers.Add(new ForeignHandler(SendTwice))),
        _ => { },
        client => client.AddDefaultLogger().AddBehind(SendTwice).Services.RemoveAll<IHttpMessageHandlerBuilderFilter>(),
        client => client.Services.AddFilter(handlers => handlers.AdditionalHandlers.Add(new ForeignHandler(SendTwice)), first: true),
    ];

    [Test]
    public async Task A_text_passes_one_send_once_handler_directly_before_the_network([Range(0, 8)] int pipeline)
    {
        await using var provider = Container.Build(services => _pipelines[pipeline](services.AddChatsClient(options => options.ApiKey = "key")));
        var chain = ChainOf(provider);
        var guard = chain.FindIndex(handler => handler is ChatsSendOnceHandler);

        Assert.That(chain.Count(handler => handler is ChatsSendOnceHandler), Is.EqualTo(1));
        Assert.That(chain[guard + 1].GetType().Name, Is.EqualTo(chain[^1] is StubHandler ? nameof(StubHandler) : "ConnectionHandler"));
        Assert.That(chain.Take(guard).Select(handler => handler.GetType().Assembly), Has.None.EqualTo(typeof(ChatsClient).Assembly), "Ours has connections that bypass what is inside.");
    }

    [Test]
    public async Task A_primary_handler_that_a_filter_sets_follows_no_redirect_either()
    {
        await using var provider = Container.Build(services => services.AddFilter(handlers => handlers.PrimaryHandler = new HttpClientHandler())
            .AddChatsClient(options => options.ApiKey = "key"));

        Assert.That(ChainOf(provider)[^1], Is.InstanceOf<HttpClientHandler>().With.Property("AllowAutoRedirect").False);
    }

#if !CHATS_NETSTANDARD
    [Test]
    public async Task A_SocketsHttpHandler_of_the_application_keeps_connections_only_if_sends_may_use_them([Values] bool reuse)
    {
        await using var provider = Container.Build(services => services
            .AddChatsClient(options => (options.ApiKey, options.ReuseConnectionsForSends) = ("key", reuse)).UseSocketsHttpHandler());
        var sockets = (SocketsHttpHandler)ChainOf(provider)[^1];

        Assert.That((sockets.PooledConnectionLifetime == TimeSpan.Zero, sockets.MaxConnectionsPerServer != int.MaxValue), Is.EqualTo((!reuse, !reuse)));
    }
#endif

    [Test]
    public async Task A_handler_in_front_that_sends_synchronously_cannot_bypass_the_limits()
    {
        using var network = StubHandler.Responding(200);
        await using var provider = Container.Over(
            network, client => client.ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Insert(0, new SynchronousHandler())));

        var failure = await Assert.ThrowsAsync<ChatsConnectionException>(() => provider.Client().GetChatMessageAsync(1, 2, 3));

        Assert.That(failure!.Message, Does.Contain(nameof(NotSupportedException)));
        Assert.That(network.Calls, Is.Zero);
    }

    /// <summary>The handlers of a client, from the outermost to the one of the network.</summary>
    private static List<HttpMessageHandler> ChainOf(ServiceProvider provider)
    {
        _ = provider.Client();
        List<HttpMessageHandler> chain = [provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("YandexMarket.Chats")];
        while (chain[^1] is DelegatingHandler { InnerHandler: { } inner })
        {
            chain.Add(inner);
        }

        return chain;
    }

    private sealed class SynchronousHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }
}
