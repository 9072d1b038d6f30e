using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class RegistrationTests
{
    [Test]
    public async Task Named_clients_are_keyed_services_with_options_and_keys_of_their_own()
    {
        var first = StubHandler.Responding(200);
        var second = StubHandler.Responding(200);
        await using var provider = Container.Build(services =>
        {
            services.AddChatsClient("first", options => options.ApiKey = "key-1").ConfigurePrimaryHttpMessageHandler(() => first);
            services.AddChatsClient("second", Container.Configuration(("Chats:second:ApiKey", "key-2")).GetSection("Chats:second"))
                .ConfigurePrimaryHttpMessageHandler(() => second);
        });

        await provider.Client("first").SendMessageToChatAsync(1, 2, "text");
        await provider.Client("second").SendMessageToChatAsync(1, 2, "text");

        Assert.That(first.Keys, Is.EqualTo(["key-1"]));
        Assert.That(second.Keys, Is.EqualTo(["key-2"]));
        Assert.That(provider.GetService<IChatsClient>(), Is.Null);
    }

    [Test]
    public void A_client_lives_as_long_as_the_application_and_is_the_same_in_every_scope()
    {
        using var provider = Container.Build(services => services.AddChatsClient(options => options.ApiKey = "key"));
        using var scope = provider.CreateScope();

        Assert.That(scope.ServiceProvider.GetRequiredService<IChatsClient>(), Is.SameAs(provider.Client()));
    }

    private static IEnumerable<TestCaseData> Twice =>
    [
        Second(
            "keeps what it does not set",
            services => services.AddChatsClient(Section(("ApiKey", "earlier"), ("Integration", "shop/1.0"))),
            services => services.AddChatsClient(options => (options.ApiKey, options.BaseAddress) = ("key", new Uri("http://localhost:5000/v2/"))),
            "key, shop/1.0, GET http://localhost:5000/v2/businesses/1/chats/message?chatId=2&messageId=3"),
        Second(
            "replaces a key in code by one of its section",
            services => services.AddChatsClient((_, options) => options.ApiKeyProvider = _ => new("earlier")),
            services => services.AddChatsClient(Section(("ApiKey", "key"))),
            "key, none, GET https://api.partner.market.yandex.ru/v2/businesses/1/chats/message?chatId=2&messageId=3"),
        Second(
            "replaces a key of a section by one in code",
            services => services.AddChatsClient(Section(("ApiKey", "earlier"))),
            services => services.AddChatsClient((_, options) => options.ApiKeyProvider = _ => new("key")),
            "key, none, GET https://api.partner.market.yandex.ru/v2/businesses/1/chats/message?chatId=2&messageId=3"),
        Second(
            "replaces the scopes",
            services => services.AddChatsClient(Section(("ApiKey", "key"), ("GrantedScopes:0", ChatsScopes.AllMethods))),
            services => services.AddChatsClient(Section(("GrantedScopes:0", "promotion"))),
            "getChatMessage was not called: the key's known scopes do not allow it."),
        Second(
            "has its section checked, too",
            services => services.AddChatsClient(Section(("ApiKey", "key"))),
            services => services.AddChatsClient(Container.Configuration(("Other:Timeout", "15")).GetSection("Other")),
            "Other:Timeout: 15 alone would be days; write hours, minutes and seconds, as 00:00:15."),
    ];

    [TestCaseSource(nameof(Twice))]
    public async Task A_second_registration(
        Func<IServiceCollection, IHttpClientBuilder> first, Func<IServiceCollection, IHttpClientBuilder> second, string outcome)
    {
        using var service = StubHandler.Responding(200);
        await using var provider = Container.Build(services =>
        {
            first(services).ConfigurePrimaryHttpMessageHandler(() => service);
            second(services);
        });

        try
        {
            await provider.GetServices<IChatsClient>().Single().GetChatMessageAsync(1, 2, 3);
        }
        catch (Exception exception) when (exception is OptionsValidationException or ChatsScopeException)
        {
            Assert.That(exception.Message, Does.StartWith(outcome));
            return;
        }

        var request = service.Requests.Single();
        Assert.That($"{request.Headers["Api-Key"]}, {request.Headers.GetValueOrDefault("X-Market-Integration", "none")}, {request.Line}", Is.EqualTo(outcome));
    }

    [Test]
    public void Options_can_be_set_from_other_services()
    {
        using var provider = Container.Build(services =>
        {
            services.AddSingleton("key-of-a-service");
            services.AddChatsClient("shop", (provider, options) => options.ApiKey = provider.GetRequiredService<string>());
        });

        Assert.That(provider.GetRequiredService<IOptionsMonitor<ChatsClientOptions>>().Get("shop").ApiKey, Is.EqualTo("key-of-a-service"));
    }

    [Test]
    public async Task After_a_reload_a_handler_that_is_renewed_keeps_the_options_of_its_client()
    {
        var configuration = Container.Configuration(("Chats:ApiKey", "key"), ("Chats:MaxAttempts", "2"), ("Chats:RetryDelay", "00:00:00.010"));
        await using var provider = Container.Build(services => services.AddChatsClient(configuration.GetSection("Chats")));
        _ = provider.Client();
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
    public void Everything_of_a_section_is_bound()
    {
        using var provider = Container.Build(services => services.AddChatsClient(Container.Configuration(
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
        await using var provider = Container.Build(services =>
        {
            services.AddSingleton<TimeProvider>(new ManualClock());
            foreach (var (name, key) in new[] { ("a", "key-1"), ("b", "key-1"), ("c", "key-2") })
            {
                services.AddChatsClient(name, options => options.ApiKey = key).ConfigurePrimaryHttpMessageHandler(() => service);
            }
        });

        var calls = new[] { "a", "a", "a", "b", "b", "b", "c" }
            .Select(name => provider.Client(name).GetChatMessageAsync(1, 2, 3)).ToArray();
        var atOnce = service.Calls;
        gate.SetResult();
        await Task.WhenAll(calls);

        Assert.That(atOnce, Is.EqualTo(4));
    }

    [Test]
    public async Task Users_handlers_see_every_attempt_and_one_put_in_front_sees_each_call_once()
    {
        using var service = StubHandler.Responding(500, 500, 200);
        var clock = new ManualClock();
        var (front, back) = (0, 0);
        await using var provider = Container.Over(
            service,
            client => client.AddBehind(ForeignHandler.Before(() => back++)).AddInFront(ForeignHandler.Before(() => front++)),
            services => services.AddSingleton<TimeProvider>(clock));

        var failure = await clock.FailureOfAsync(() => provider.Client().GetChatMessageAsync(1, 2, 3));

        Assert.That((failure, front, back), Is.EqualTo(((Exception?)null, 1, 3)));
    }

    private static TestCaseData Second(
        string name, Func<IServiceCollection, IHttpClientBuilder> first, Func<IServiceCollection, IHttpClientBuilder> second, string outcome) =>
        new TestCaseData(first, second, outcome).SetArgDisplayNames(name);

    private static IConfigurationSection Section(params (string Name, string Value)[] settings) =>
        Container.Configuration([.. settings.Select(setting => ($"Chats:{setting.Name}", setting.Value))]).GetSection("Chats");
}
