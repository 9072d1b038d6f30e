using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class KeyTests
{
    [TestCase("key 2 bad")]
    [TestCase(null, TestName = "A reload that breaks the application's own code is logged once and ignored, too")]
    public async Task A_reload_changes_the_key_of_a_client_in_use_and_a_bad_one_is_logged_once_and_ignored(string? bad)
    {
        var configuration = Container.Configuration(("Chats:shop:ApiKey", "key-1"));
        using var service = StubHandler.Responding(200);
        using var logs = new FakeLoggerProvider();
        await using var provider = Container.Build(services =>
        {
            services.LogTo(logs).AddChatsClient("shop", configuration.GetSection("Chats:shop")).ConfigurePrimaryHttpMessageHandler(() => service);
            services.PostConfigure<ChatsClientOptions>("shop", options => options.ApiKey = options.ApiKey!.Trim());
        });
        var client = provider.Client("shop");

        await client.GetChatMessageAsync(1, 2, 3);
        configuration["Chats:shop:ApiKey"] = bad;
        Assert.That(configuration.Reload, Throws.Exception);
        await client.GetChatMessageAsync(1, 2, 3);
        await client.GetChatMessageAsync(1, 2, 3);
        configuration["Chats:shop:ApiKey"] = "key-3";
        configuration.Reload();
        await client.GetChatMessageAsync(1, 2, 3);

        Assert.That(service.Keys, Is.EqualTo(["key-1", "key-1", "key-1", "key-3"]));
        Assert.That(logs.Lines().Where(line => line.Contains("was rejected", StringComparison.Ordinal)), Has.Exactly(1).Contains(" Error: "));
    }

    [Test]
    public async Task A_provider_in_code_is_asked_on_every_request()
    {
        var asked = 0;
        using var service = StubHandler.Responding(200);
        await using var provider = Container.Build(services => services
            .AddChatsClient(options => options.ApiKeyProvider = _ => new ValueTask<string>($"key-{++asked}"))
            .ConfigurePrimaryHttpMessageHandler(() => service));

        await provider.Client().GetChatMessageAsync(1, 2, 3);
        await provider.Client().GetChatMessageAsync(1, 2, 3);

        Assert.That(service.Keys, Is.EqualTo(["key-1", "key-2"]));
    }
}
