using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class RegistrationTests
{
    [Test]
    public async Task Named_clients_are_keyed_singletons_with_their_own_options_and_keys_and_an_HttpClient_without_a_timeout()
    {
        var first = StubHandler.Responding(200);
        var second = StubHandler.Responding(200);
        await using var provider = Container.Build(services =>
        {
            services.AddSingleton("key-2");
            services.AddChatsClient("first", options => options.ApiKey = "key-1").ConfigurePrimaryHttpMessageHandler(() => first);
            services.AddChatsClient("second", (provider, options) => options.ApiKey = provider.GetRequiredService<string>())
                .ConfigurePrimaryHttpMessageHandler(() => second);
        });

        await provider.Client("first").SendMessageToChatAsync(1, 2, "text");
        await provider.Client("second").SendMessageToChatAsync(1, 2, "text");

        Assert.That(first.Keys, Is.EqualTo(["key-1"]));
        Assert.That(second.Keys, Is.EqualTo(["key-2"]));
        Assert.That(provider.GetService<IChatsClient>(), Is.Null);
        using var scope = provider.CreateScope();
        Assert.That(scope.ServiceProvider.Client("first"), Is.SameAs(provider.Client("first")));
        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("YandexMarket.Chats:first");
        Assert.That(http.Timeout, Is.EqualTo(Timeout.InfiniteTimeSpan));
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
            "Chats:GrantedScopes: promotion, which allows no call;"),
        Second(
            "registers a client again that was removed",
            services =>
            {
                var client = services.AddChatsClient(Section(("ApiKey", "key")));
                services.RemoveAll<IChatsClient>();
                return client;
            },
            services => services.AddChatsClient(options => options.Integration = "test"),
            "key, test, GET https://api.partner.market.yandex.ru/v2/businesses/1/chats/message?chatId=2&messageId=3"),
        Second(
            "has its section checked, too",
            services => services.AddChatsClient(Section(("ApiKey", "key"))),
            services => services.AddChatsClient(Container.Configuration(("Other:Timeout", "15")).GetSection("Other")),
            "Other:Timeout: a bare number, 15, means days; write 00:00:15 for seconds, or 15.00:00:00 for days."),
    ];

    [TestCaseSource(nameof(Twice))]
    public async Task The_effect_of_a_second_registration(
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
        catch (OptionsValidationException exception)
        {
            Assert.That(exception.Message, Does.StartWith(outcome));
            return;
        }

        var request = service.Requests.Single();
        Assert.That($"{request.Headers["Api-Key"]}, {request.Headers.GetValueOrDefault("X-Market-Integration", "none")}, {request.Line}", Is.EqualTo(outcome));
    }

    [Test]
    public async Task A_primary_handler_that_was_used_before_and_follows_redirects_is_rejected()
    {
        var shared = new HttpClientHandler { UseProxy = false };
        using var http = new HttpClient(shared, disposeHandler: false);
        await http.GetAsync(new Uri("http://127.0.0.1:1/")).ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
        await using var provider = Container.Over(shared);

        Assert.That(() => provider.Client(), Throws.InvalidOperationException.With.Message.Contains("AllowAutoRedirect = false"));
    }

    private static TestCaseData Second(
        string name, Func<IServiceCollection, IHttpClientBuilder> first, Func<IServiceCollection, IHttpClientBuilder> second, string outcome) =>
        new TestCaseData(first, second, outcome).SetArgDisplayNames(name);

    private static IConfigurationSection Section(params (string Name, string Value)[] settings) =>
        Container.Configuration([.. settings.Select(setting => ($"Chats:{setting.Name}", setting.Value))]).GetSection("Chats");
}
