using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class RegistrationTests
{
    private static readonly ServiceProviderOptions _strict = new() { ValidateScopes = true, ValidateOnBuild = true };

    [Test]
    public async Task Named_clients_are_keyed_services_with_options_and_keys_of_their_own()
    {
        var first = StubHandler.Responding(200);
        var second = StubHandler.Responding(200);
        await using var provider = Build(services =>
        {
            services.AddChatsClient("first", options => options.ApiKey = "key-1").ConfigurePrimaryHttpMessageHandler(() => first);
            services.AddChatsClient("second", Configuration(("Chats:second:ApiKey", "key-2")).GetSection("Chats:second"))
                .ConfigurePrimaryHttpMessageHandler(() => second);
        });

        await provider.GetRequiredKeyedService<IChatsClient>("first").SendMessageToChatAsync(1, 2, "text");
        await provider.GetRequiredKeyedService<IChatsClient>("second").SendMessageToChatAsync(1, 2, "text");

        Assert.That(first.Keys, Is.EqualTo(["key-1"]));
        Assert.That(second.Keys, Is.EqualTo(["key-2"]));
        Assert.That(provider.GetService<IChatsClient>(), Is.Null);
    }

    [Test]
    public void A_client_lives_as_long_as_the_application_and_is_the_same_in_every_scope()
    {
        using var provider = Build(services => services.AddChatsClient(options => options.ApiKey = "key"));
        using var scope = provider.CreateScope();

        Assert.That(scope.ServiceProvider.GetRequiredService<IChatsClient>(), Is.SameAs(provider.GetRequiredService<IChatsClient>()));
    }

    [Test]
    public async Task A_second_registration_changes_the_options_and_doubles_nothing()
    {
        var service = StubHandler.Responding(200);
        using var provider = Build(services =>
        {
            services.AddChatsClient(Configuration(("Chats:ApiKey", "an-earlier-key"), ("Chats:Integration", "shop/1.0")).GetSection("Chats"))
                .ConfigurePrimaryHttpMessageHandler(() => service);
            services.AddChatsClient(options =>
            {
                options.ApiKey = "test-key";
                options.BaseAddress = new Uri("http://localhost:5000/v2/");
            });
        });

        await provider.GetRequiredService<IChatsClient>().SendMessageToChatAsync(1, 2, "text");

        Assert.That(provider.GetServices<IChatsClient>().Count(), Is.EqualTo(1));
        var request = service.Requests.Single();
        Assert.That(
            (request.Line, request.Headers["Api-Key"], request.Headers["X-Market-Integration"]),
            Is.EqualTo(("POST http://localhost:5000/v2/businesses/1/chats/message?chatId=2", "test-key", "shop/1.0")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_later_key_replaces_an_earlier_one_whichever_way_it_is_given(bool sectionLast)
    {
        using var provider = Build(services =>
        {
            void Section() => services.AddChatsClient(Configuration(("Chats:ApiKey", "of-the-section")).GetSection("Chats"));
            void Code() => services.AddChatsClient((_, options) => options.ApiKeyProvider = _ => new("of-the-code"));
            (sectionLast ? (Action)Code : Section)();
            (sectionLast ? (Action)Section : Code)();
        });

        var options = provider.GetRequiredService<IOptionsMonitor<ChatsClientOptions>>().CurrentValue;

        Assert.That((options.ApiKey, options.ApiKeyProvider is null), Is.EqualTo((sectionLast ? "of-the-section" : null, sectionLast)));
    }

    [Test]
    public void Options_can_be_set_from_other_services()
    {
        using var provider = Build(services =>
        {
            services.AddSingleton("key-of-a-service");
            services.AddChatsClient("shop", (provider, options) => options.ApiKey = provider.GetRequiredService<string>());
        });

        Assert.That(provider.GetRequiredService<IOptionsMonitor<ChatsClientOptions>>().Get("shop").ApiKey, Is.EqualTo("key-of-a-service"));
    }

    [Test]
    public async Task After_a_reload_a_handler_that_is_renewed_keeps_the_options_of_its_client()
    {
        var configuration = Configuration(("Chats:ApiKey", "key"), ("Chats:MaxAttempts", "2"), ("Chats:RetryDelay", "00:00:00.010"));
        await using var provider = Build(services =>
        {
            services.AddLogging();
            services.AddChatsClient(configuration.GetSection("Chats"));
        });
        _ = provider.GetRequiredService<IChatsClient>();
        configuration["Chats:MaxAttempts"] = "1";
        configuration.Reload();
        using var network = StubHandler.Responding(503);
        var renewed = new List<DelegatingHandler>();
        provider.GetRequiredService<ChatsServices>().AddHandlers(renewed, Options.DefaultName);
        renewed[0].InnerHandler = network;
        using var http = new HttpClient(renewed[0]);
        using var client = new ChatsClient(http, new ChatsClientOptions { ApiKey = "key" });

        await Assert.CatchAsync<ChatsApiException>(() => client.GetChatMessageAsync(1, 2, 3));

        Assert.That(network.Calls, Is.EqualTo(2));
    }

    [Test]
    public void The_scopes_of_a_second_registration_replace_those_of_the_first()
    {
        var configuration = Configuration(
            ("Chats:ApiKey", "key"), ("Chats:GrantedScopes:0", ChatsScopes.AllMethods), ("Other:GrantedScopes:0", ChatsScopes.AllMethodsReadOnly));
        using var provider = Build(services =>
        {
            services.AddLogging();
            services.AddChatsClient(configuration.GetSection("Chats"));
            services.AddChatsClient(configuration.GetSection("Other"));
        });

        Assert.That(provider.GetRequiredService<IOptions<ChatsClientOptions>>().Value.GrantedScopes, Is.EqualTo([ChatsScopes.AllMethodsReadOnly]));
    }

    [Test]
    public void A_bare_number_in_the_section_of_a_second_registration_is_an_error_too()
    {
        var configuration = Configuration(("Chats:ApiKey", "key"), ("Other:Timeout", "15"));
        using var provider = Build(services =>
        {
            services.AddLogging();
            services.AddChatsClient(configuration.GetSection("Chats"));
            services.AddChatsClient(configuration.GetSection("Other"));
        });

        Assert.That(
            () => provider.GetRequiredService<IOptions<ChatsClientOptions>>().Value,
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("Other:Timeout: 15 alone would be days"));
    }

    [Test]
    public void Everything_of_a_section_is_bound()
    {
        using var provider = Build(services => services.AddChatsClient(Configuration(
            ("Chats:ApiKey", "key"),
            ("Chats:BaseAddress", "http://test.example/v2/"),
            ("Chats:AllowInsecureHttp", "true"),
            ("Chats:ReuseConnectionsForSends", "true"),
            ("Chats:GrantedScopes:0", ChatsScopes.Communication),
            ("Chats:Timeout", "00:00:42"),
            ("Chats:MaxResponseBytes", "4096"),
            ("Chats:Integration", "shop/1.0"),
            ("Chats:UseQuota", "false"),
            ("Chats:MaxQuotaWait", "00:00:07"),
            ("Chats:MaxAttempts", "2"),
            ("Chats:RetryDelay", "00:00:00.300"),
            ("Chats:AttemptTimeout", "00:00:03")).GetSection("Chats")));

        var client = provider.GetRequiredService<IOptions<ChatsClientOptions>>().Value;
        var hosting = provider.GetRequiredService<IOptions<ChatsHostingOptions>>().Value;

        Assert.That(
            (client.ApiKey, client.BaseAddress.Host, client.AllowInsecureHttp, client.ReuseConnectionsForSends), Is.EqualTo(("key", "test.example", true, true)));
        Assert.That((client.Timeout, client.MaxResponseBytes, client.Integration), Is.EqualTo((TimeSpan.FromSeconds(42), 4096, "shop/1.0")));
        Assert.That(client.GrantedScopes, Is.EqualTo([ChatsScopes.Communication]));
        Assert.That(
            (hosting.UseQuota, hosting.MaxQuotaWait, hosting.MaxAttempts, hosting.RetryDelay, hosting.AttemptTimeout),
            Is.EqualTo((false, TimeSpan.FromSeconds(7), 2, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(3))));
    }

    [Test]
    public async Task All_clients_of_a_container_share_the_places_of_a_business()
    {
        var gate = new TaskCompletionSource();
        using var service = new StubHandler(async (request, _) =>
        {
            await gate.Task;
            return StubHandler.Response(request, 200);
        });
        await using var provider = Build(services =>
        {
            services.AddSingleton<TimeProvider>(new ManualClock());
            foreach (var (name, key) in new[] { ("a", "key-1"), ("b", "key-1"), ("c", "key-2") })
            {
                services.AddChatsClient(name, options => options.ApiKey = key).ConfigurePrimaryHttpMessageHandler(() => service);
            }
        });

        var calls = new[] { "a", "a", "a", "b", "b", "b", "c" }
            .Select(name => provider.GetRequiredKeyedService<IChatsClient>(name).GetChatMessageAsync(1, 2, 3)).ToArray();
        var atOnce = service.Calls;
        gate.SetResult();
        await Task.WhenAll(calls);

        Assert.That(atOnce, Is.EqualTo(4));
    }

    [Test]
    public async Task Users_handlers_see_every_attempt_and_one_put_in_front_sees_each_call_once()
    {
        var service = StubHandler.Responding(500, 500, 200);
        var clock = new ManualClock();
        var (front, back) = (0, 0);
        await using var provider = Build(services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.AddChatsClient(options => options.ApiKey = "key")
                .AddHttpMessageHandler(() => new Watcher(() => back++))
                .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Insert(0, new Watcher(() => front++)))
                .ConfigurePrimaryHttpMessageHandler(() => service);
        });

        var read = provider.GetRequiredService<IChatsClient>().GetChatMessageAsync(1, 2, 3);
        clock.RunWhile(() => !read.IsCompleted);
        await read;

        Assert.That((front, back), Is.EqualTo((1, 3)));
    }

    internal static IConfigurationRoot Configuration(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value))
        .Build();

    internal static ServiceProvider Build(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        configure(services);
        return services.BuildServiceProvider(_strict);
    }

    /// <summary>Notes every request that passes.</summary>
    internal sealed class Watcher(Action passes) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            passes();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
