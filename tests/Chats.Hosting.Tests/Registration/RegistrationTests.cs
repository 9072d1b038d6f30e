using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

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
            services.AddChatsClient("second", Configuration(("Chats:second:ApiKey", "key-2")))
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
    public void A_second_registration_under_one_name_is_refused_because_its_handlers_would_double()
    {
        var services = new ServiceCollection();
        services.AddChatsClient(options => options.ApiKey = "key");
        services.AddChatsClient("shop", options => options.ApiKey = "key");

        Assert.That(
            () => services.AddChatsClient(options => options.ApiKey = "key"),
            Throws.InvalidOperationException.With.Message.Contains("AddChatsClient was called before"));
        Assert.That(
            () => services.AddChatsClient("shop", Configuration()),
            Throws.InvalidOperationException.With.Message.Contains("'shop'"));
    }

    [Test]
    public void Everything_of_a_section_is_bound()
    {
        using var provider = Build(services => services.AddChatsClient(Configuration(
            ("Chats:ApiKey", "key"),
            ("Chats:BaseAddress", "https://api.partner.market.yandex.net/v2/"),
            ("Chats:GrantedScopes:0", ChatsScopes.Communication),
            ("Chats:Timeout", "00:00:42"),
            ("Chats:MaxResponseBytes", "4096"),
            ("Chats:Integration", "shop/1.0"),
            ("Chats:UseQuota", "false"),
            ("Chats:MaxQuotaWait", "00:00:07"),
            ("Chats:MaxAttempts", "2"),
            ("Chats:RetryDelay", "00:00:00.300"),
            ("Chats:AttemptTimeout", "00:00:03"))));

        var client = provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<ChatsClientOptions>>().Value;
        var hosting = provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<ChatsHostingOptions>>().Value;

        Assert.Multiple(() =>
        {
            Assert.That(client.ApiKey, Is.EqualTo("key"));
            Assert.That(client.BaseAddress.Host, Is.EqualTo("api.partner.market.yandex.net"));
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
            "ApiKey", "ApiKeyProvider", "BaseAddress", "GrantedScopes", "Timeout", "MaxResponseBytes", "Integration", "TimeProvider",
        ]));
    }

    [Test]
    public async Task Users_handlers_see_every_attempt_and_one_put_in_front_sees_each_call_once()
    {
        var service = new StubHandler(500, 500, 200);
        var clock = new VirtualClock();
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

    [Test]
    public void The_primary_handler_follows_no_redirect_and_keeps_no_cookie()
    {
#if CHATS_NETSTANDARD
        using var handler = (HttpClientHandler)PrimaryHandler.Create();
#else
        using var handler = (SocketsHttpHandler)PrimaryHandler.Create();
        Assert.That(handler.PooledConnectionLifetime, Is.LessThan(TimeSpan.FromHours(1)));
#endif

        Assert.That(handler.AllowAutoRedirect, Is.False);
        Assert.That(handler.UseCookies, Is.False);
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
