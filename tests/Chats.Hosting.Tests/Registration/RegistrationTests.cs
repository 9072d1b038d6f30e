using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class RegistrationTests
{
    private static readonly ServiceProviderOptions _strict = new() { ValidateScopes = true, ValidateOnBuild = true };

    [Test]
    public async Task A_client_set_up_in_code_sends_with_its_key()
    {
        var service = new StubHandler(200);
        await using var provider = Build(services => services
            .AddChatsClient(options => options.ApiKey = "key-1").ConfigurePrimaryHttpMessageHandler(() => service));

        await provider.GetRequiredService<IChatsClient>().SendMessageToChatAsync(1, 2, "text");

        Assert.That(service.Keys, Is.EqualTo(["key-1"]));
    }

    [Test]
    public async Task Named_clients_are_keyed_services_with_options_and_keys_of_their_own()
    {
        var first = new StubHandler(200);
        var second = new StubHandler(200);
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
        var service = new CountingService();
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
        Assert.That(service.Requests, Is.EqualTo(new[] { "localhost:5000 test-key shop/1.0" }));
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
    public void No_option_is_lost_on_the_way_to_the_client()
    {
        var options = new ChatsClientOptions
        {
            BaseAddress = new Uri("http://test.example/v2/"),
            AllowInsecureHttp = true,
            ReuseConnectionsForSends = true,
            ResponseReceived = _ => { },
            GrantedScopes = ["scope"],
            Timeout = TimeSpan.FromSeconds(1),
            MaxResponseBytes = 7,
            Integration = "shop/1.0",
            TimeProvider = new ManualClock(),
        };
        var defaults = new ChatsClientOptions();
        var others = typeof(ChatsClientOptions).GetProperties().Where(property => !property.Name.StartsWith("ApiKey", StringComparison.Ordinal)).ToList();

        var copy = options.With("key", apiKeyProvider: null);

        Assert.That(others.Where(property => Equals(property.GetValue(options), property.GetValue(defaults))).Select(property => property.Name), Is.Empty, "Give each option a value of its own.");
        Assert.That(others.Where(property => !Equals(property.GetValue(copy), property.GetValue(options))).Select(property => property.Name), Is.Empty);
        Assert.That(copy.ApiKey, Is.EqualTo("key"));
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

        var client = provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<ChatsClientOptions>>().Value;
        var hosting = provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<ChatsHostingOptions>>().Value;

        Assert.Multiple(() =>
        {
            Assert.That(client.ApiKey, Is.EqualTo("key"));
            Assert.That(client.BaseAddress.Host, Is.EqualTo("test.example"));
            Assert.That((client.AllowInsecureHttp, client.ReuseConnectionsForSends), Is.EqualTo((true, true)));
            Assert.That(client.GrantedScopes, Is.EqualTo([ChatsScopes.Communication]));
            Assert.That(client.Timeout, Is.EqualTo(TimeSpan.FromSeconds(42)));
            Assert.That(client.MaxResponseBytes, Is.EqualTo(4096));
            Assert.That(client.Integration, Is.EqualTo("shop/1.0"));
            Assert.That(hosting.UseQuota, Is.False);
            Assert.That(hosting.MaxQuotaWait, Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(hosting.MaxAttempts, Is.EqualTo(2));
            Assert.That(hosting.RetryDelay, Is.EqualTo(TimeSpan.FromMilliseconds(300)));
            Assert.That(hosting.AttemptTimeout, Is.EqualTo(TimeSpan.FromSeconds(3)));
        });
    }

    [Test]
    public void Every_option_of_the_client_reaches_it()
    {
        // With is written by hand: a new option that it forgets would silently keep its default.
        var copy = typeof(ChatsClientOptions).GetProperties().Select(property => property.Name);

        Assert.That(copy, Is.EquivalentTo(
        [
            "ApiKey", "ApiKeyProvider", "BaseAddress", "AllowInsecureHttp", "ReuseConnectionsForSends", "ResponseReceived", "GrantedScopes", "Timeout", "MaxResponseBytes", "Integration", "TimeProvider",
        ]));
    }

    [Test]
    public async Task Users_handlers_see_every_attempt_and_one_put_in_front_sees_each_call_once()
    {
        var service = new StubHandler(500, 500, 200);
        var clock = new ManualClock();
        var (front, back) = (new CountingHandler(), new CountingHandler());
        await using var provider = Build(services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.AddChatsClient(options => options.ApiKey = "key")
                .AddHttpMessageHandler(() => back)
                .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Insert(0, front))
                .ConfigurePrimaryHttpMessageHandler(() => service);
        });

        var read = provider.GetRequiredService<IChatsClient>().GetChatMessageAsync(1, 2, 3);
        clock.RunWhile(() => !read.IsCompleted);
        await read;

        Assert.That((front.Count, back.Count), Is.EqualTo((1, 3)));
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

    private sealed class CountingService : HttpMessageHandler
    {
        public List<string> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add($"{request.RequestUri!.Authority} {request.Headers.GetValues("Api-Key").Single()} {request.Headers.GetValues("X-Market-Integration").Single()}");
            return Task.FromResult(new HttpResponseMessage { Content = new StringContent("""{"status":"OK"}""") });
        }
    }

    private sealed class CountingHandler : DelegatingHandler
    {
        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
