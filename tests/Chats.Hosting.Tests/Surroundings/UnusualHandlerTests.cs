using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>Handlers and settings of the application that look harmless, and what the client must still keep with them.</summary>
internal sealed class UnusualHandlerTests
{
    private int _texts;

    [TestCase(429)]
    [TestCase(400)]
    public async Task A_status_that_a_handler_makes_up_is_no_reason_to_retry_and_no_proof(int status)
    {
        using var network = Network((_, _) => throw new HttpRequestException("reset"));
        await using var provider = Build(network, client => client.AddHttpMessageHandler(() => new Wrapper(async (_, send) =>
        {
            try
            {
                return await send();
            }
            catch (HttpRequestException)
            {
                return new HttpResponseMessage((HttpStatusCode)status);
            }
        })));

        var failure = await FailureOfSendAsync(provider);

        Assert.That((_texts, failure.MayHaveBeenSent), Is.EqualTo((1, true)));
    }

    [Test]
    public async Task A_primary_handler_that_is_a_chain_cannot_send_a_text_twice_either()
    {
        using var network = Network((request, attempt) => StubHandler.Response(request, attempt == 0 ? 503 : 420));
        await using var provider = Build(network, client => client.ConfigurePrimaryHttpMessageHandler(() => new Wrapper(Twice)
        {
            InnerHandler = new Wrapper(ReadAsync) { InnerHandler = network },
        }));

        var failure = await FailureOfSendAsync(provider);

        Assert.That((_texts, failure.MayHaveBeenSent), Is.EqualTo((1, true)));
    }

    private static readonly Func<IHttpClientBuilder, IHttpClientBuilder>[] _pipelines =
    [
        client => client.ConfigurePrimaryHttpMessageHandler(() => new Wrapper(Twice) { InnerHandler = ChatsClient.CreateHandler(new ChatsClientOptions { ApiKey = "key" }) }),
        client => client.ConfigurePrimaryHttpMessageHandler(() => new ChatsSendOnceHandler(StubHandler.Responding(200))),
        client => client.ConfigurePrimaryHttpMessageHandler(() => new ChatsSendOnceHandler(new Wrapper(Twice) { InnerHandler = StubHandler.Responding(200) })),
        client => client.ConfigurePrimaryHttpMessageHandler(() => new Wrapper(Twice) { InnerHandler = new ChatsSendOnceHandler(StubHandler.Responding(200)) }),
        client => client.AddHttpMessageHandler(() => new ChatsSendOnceHandler()).AddHttpMessageHandler(() => new Wrapper(Twice)),
        client => client,
    ];

    [Test]
    public async Task A_text_passes_one_guard_and_that_one_is_next_to_the_network([Range(0, 5)] int pipeline)
    {
        await using var provider = RegistrationTests.Build(services =>
        {
            services.AddLogging();
            _pipelines[pipeline](services.AddChatsClient(options => options.ApiKey = "key"));
        });
        var chain = new List<HttpMessageHandler> { provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("YandexMarket.Chats") };
        while (chain[^1] is DelegatingHandler { InnerHandler: { } inner })
        {
            chain.Add(inner);
        }

        var guard = chain.FindIndex(handler => handler is ChatsSendOnceHandler);

        Assert.That(chain.Count(handler => handler is ChatsSendOnceHandler), Is.EqualTo(1));
        Assert.That(chain.Skip(guard + 1), Has.None.InstanceOf<Wrapper>());
        Assert.That(chain.Take(guard).Select(handler => handler.GetType().Assembly), Has.None.EqualTo(typeof(ChatsClient).Assembly), "Ours has connections that bypass what is inside.");
    }

    [Test]
    public async Task The_applications_own_guard_refuses_no_text_that_a_handler_has_read()
    {
        using var network = StubHandler.Responding(200);
        await using var provider = Build(network, client => client
            .AddHttpMessageHandler(() => new Wrapper(ReadAsync)).AddHttpMessageHandler(() => new ChatsSendOnceHandler())
            .ConfigurePrimaryHttpMessageHandler(() => new ChatsSendOnceHandler(network)));

        await ClientOf(provider).SendMessageToChatAsync(1, 2, "text");

        Assert.That(network.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task A_retry_handler_around_ours_holds_no_permit_while_it_waits_for_another()
    {
        var limiter = new CountingLimiter();
        using var network = StubHandler.Responding(503);
        await using var provider = Build(
            network,
            client => client.ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Insert(0, new Wrapper(Twice)))
                .ConfigureChatsHosting(options => options.MaxAttempts = 1),
            services => services.AddSingleton<PartitionedRateLimiter<ChatsCall>>(limiter));

        await Assert.CatchAsync<ChatsApiException>(() => ClientOf(provider).GetChatMessageAsync(1, 2, 3));

        Assert.That((network.Calls, limiter.Most), Is.EqualTo((2, 1)));
    }

    [TestCase(true, 503)]
    [TestCase(false, 420)]
    public async Task Service_discovery_which_changes_the_address_does_not_turn_retries_off(bool isRead, int first)
    {
        using var network = StubHandler.Responding(first, 200);
        await using var provider = Build(network, client => client
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Insert(0, new Wrapper(async (request, send) =>
            {
                var original = request.RequestUri!;
                request.RequestUri = new Uri(original.AbsoluteUri);
                var response = await send();
                request.RequestUri = original;
                return response;
            })))
            .ConfigureChatsHosting(options => options.RetryDelay = TimeSpan.FromMilliseconds(10)));

        await (isRead ? ClientOf(provider).GetChatMessageAsync(1, 2, 3) : ClientOf(provider).SendMessageToChatAsync(1, 2, "text"));

        Assert.That(network.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Two_addresses_with_one_key_and_business_have_a_health_of_their_own()
    {
        using var network = StubHandler.Responding(200);
        await using var provider = RegistrationTests.Build(services =>
        {
            services.AddLogging();
            foreach (var name in new[] { "ru", "net" })
            {
                services.AddChatsClient(name, options => (options.ApiKey, options.BaseAddress) = ("key", new Uri($"https://{name}.example/v2")))
                    .ConfigurePrimaryHttpMessageHandler(() => network);
                services.AddHealthChecks().AddChatsClient(name);
            }
        });
        await provider.GetRequiredKeyedService<IChatsClient>("ru").GetChatMessageAsync(1, 2, 3);
        await provider.GetRequiredKeyedService<IChatsClient>("net").GetChatMessageAsync(1, 2, 3);
        await provider.GetRequiredKeyedService<IChatsClient>("net").GetChatMessageAsync(1, 2, 3);

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(report.Entries.Select(entry => (entry.Key, entry.Value.Status, entry.Value.Data.Values.Single())), Is.EquivalentTo(new[]
        {
            ("chats-ru", HealthStatus.Healthy, (object)"999 of 1000"), ("chats-net", HealthStatus.Healthy, "998 of 1000"),
        }));
    }

    [Test]
    public async Task An_address_has_one_count_with_and_without_its_trailing_slash()
    {
        var limiter = new CountingLimiter();
        using var network = StubHandler.Responding(200);
        await using var provider = RegistrationTests.Build(services =>
        {
            services.AddLogging();
            services.AddSingleton<PartitionedRateLimiter<ChatsCall>>(limiter);
            foreach (var address in new[] { "https://service.example/v2", "https://service.example/v2/" })
            {
                services.AddChatsClient(address, options => (options.ApiKey, options.BaseAddress) = ("key", new Uri(address)))
                    .ConfigurePrimaryHttpMessageHandler(() => network);
            }
        });
        await provider.GetRequiredKeyedService<IChatsClient>("https://service.example/v2").GetChatMessageAsync(1, 2, 3);
        await provider.GetRequiredKeyedService<IChatsClient>("https://service.example/v2/").GetChatMessageAsync(1, 2, 3);

        Assert.That(limiter.Addresses.Distinct(), Is.EqualTo([new Uri("https://service.example/v2/")]));
    }

    [Test]
    public async Task A_reload_that_breaks_the_applications_own_code_leaves_the_last_key_in_use()
    {
        var configuration = RegistrationTests.Configuration(("Chats:ApiKey", "key"));
        using var network = StubHandler.Responding(200);
        await using var provider = RegistrationTests.Build(services =>
        {
            services.AddLogging();
            services.AddChatsClient(configuration.GetSection("Chats")).ConfigurePrimaryHttpMessageHandler(() => network);
            services.PostConfigure<ChatsClientOptions>(options => options.ApiKey = options.ApiKey!.Trim());
        });
        await ClientOf(provider).GetChatMessageAsync(1, 2, 3);

        configuration["Chats:ApiKey"] = null;
        Assert.That(() => configuration.Reload(), Throws.InstanceOf<AggregateException>());
        await ClientOf(provider).GetChatMessageAsync(1, 2, 3);

        Assert.That(network.Keys, Is.EqualTo(["key", "key"]));
    }

    private static ServiceProvider Build(HttpMessageHandler network, Action<IHttpClientBuilder> configure, Action<IServiceCollection>? more = null) =>
        RegistrationTests.Build(services =>
        {
            services.AddLogging();
            more?.Invoke(services);
            configure(services.AddChatsClient(options => options.ApiKey = "key").ConfigurePrimaryHttpMessageHandler(() => network));
        });

    private static IChatsClient ClientOf(IServiceProvider provider) => provider.GetRequiredService<IChatsClient>();

    private static async Task<ChatsException> FailureOfSendAsync(IServiceProvider provider) =>
        (await Assert.CatchAsync<ChatsException>(() => ClientOf(provider).SendMessageToChatAsync(1, 2, "text")))!;

    private StubHandler Network(Func<HttpRequestMessage, int, HttpResponseMessage> respond) => new(async (request, attempt, token) =>
    {
        await request.Content!.ReadAsStringAsync(token);
        _texts++;
        return respond(request, attempt);
    });

    private static async Task<HttpResponseMessage> Twice(HttpRequestMessage request, Func<Task<HttpResponseMessage>> send)
    {
        using var first = await send();
        return await send();
    }

    private static async Task<HttpResponseMessage> ReadAsync(HttpRequestMessage request, Func<Task<HttpResponseMessage>> send)
    {
        await request.Content!.ReadAsStringAsync();
        return await send();
    }

    private sealed class Wrapper(Func<HttpRequestMessage, Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> wrap) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            wrap(request, () => base.SendAsync(request, cancellationToken));
    }

    /// <summary>Grants everything, and counts how many leases are held at once.</summary>
    private sealed class CountingLimiter : PartitionedRateLimiter<ChatsCall>
    {
        private int _held;

        public int Most { get; private set; }

        public List<Uri> Addresses { get; } = [];

        public override RateLimiterStatistics? GetStatistics(ChatsCall resource) => null;

        protected override RateLimitLease AttemptAcquireCore(ChatsCall resource, int permitCount)
        {
            Addresses.Add(resource.BaseAddress);
            Most = Math.Max(Most, ++_held);
            return new Lease(this);
        }

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(ChatsCall resource, int permitCount, CancellationToken cancellationToken) =>
            new(AttemptAcquireCore(resource, permitCount));

        private sealed class Lease(CountingLimiter limiter) : RateLimitLease
        {
            public override bool IsAcquired => true;

            public override IEnumerable<string> MetadataNames => [];

            public override bool TryGetMetadata(string metadataName, out object? metadata)
            {
                metadata = null;
                return false;
            }

            protected override void Dispose(bool disposing)
            {
                limiter._held--;
                base.Dispose(disposing);
            }
        }
    }
}
