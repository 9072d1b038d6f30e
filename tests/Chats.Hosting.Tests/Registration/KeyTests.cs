using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class KeyTests
{
    [Test]
    public async Task A_reload_changes_the_key_of_a_client_in_use_and_a_bad_one_is_logged_once_and_ignored()
    {
        var configuration = RegistrationTests.Configuration(("Chats:shop:ApiKey", "key-1"));
        var service = StubHandler.Responding(200);
        var logs = new LogCollector();
        await using var provider = Build(
            services =>
            {
                services.AddLogging(logging => logging.AddProvider(logs));
                return services.AddChatsClient("shop", configuration.GetSection("Chats:shop"));
            },
            service);
        var client = provider.GetRequiredKeyedService<IChatsClient>("shop");

        await client.GetChatMessageAsync(1, 2, 3);
        configuration["Chats:shop:ApiKey"] = "key 2 bad";
        Assert.That(configuration.Reload, Throws.Exception);
        await client.GetChatMessageAsync(1, 2, 3);
        await client.GetChatMessageAsync(1, 2, 3);
        configuration["Chats:shop:ApiKey"] = "key-3";
        configuration.Reload();
        await client.GetChatMessageAsync(1, 2, 3);

        Assert.That(service.Keys, Is.EqualTo(["key-1", "key-1", "key-1", "key-3"]));
        Assert.That(logs.Lines.Where(line => line.Contains("was rejected", StringComparison.Ordinal)), Has.Exactly(1).Contains(" Error: "));
    }

    [Test]
    public async Task A_provider_in_code_is_asked_on_every_request()
    {
        var asked = 0;
        var service = StubHandler.Responding(200);
        await using var provider = Build(
            services => services.AddChatsClient(options => options.ApiKeyProvider = _ => new ValueTask<string>($"key-{++asked}")), service);
        var client = provider.GetRequiredService<IChatsClient>();

        await client.GetChatMessageAsync(1, 2, 3);
        await client.GetChatMessageAsync(1, 2, 3);

        Assert.That(service.Keys, Is.EqualTo(["key-1", "key-2"]));
    }

    private static ServiceProvider Build(Func<IServiceCollection, IHttpClientBuilder> add, StubHandler service) =>
        RegistrationTests.Build(services => add(services).ConfigurePrimaryHttpMessageHandler(() => service));
}
