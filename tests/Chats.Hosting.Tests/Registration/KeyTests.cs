using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class KeyTests
{
    [Test]
    public async Task A_reload_changes_the_key_of_a_client_that_lives()
    {
        var configuration = RegistrationTests.Configuration(("Chats:ApiKey", "key-1"));
        var service = new StubHandler(200);
        await using var provider = Build(services => services.AddChatsClient(configuration.GetSection("Chats")), service);
        var client = provider.GetRequiredService<IChatsClient>();

        await client.GetChatMessageAsync(1, 2, 3);
        configuration["Chats:ApiKey"] = "key-2";
        configuration.Reload();
        await client.GetChatMessageAsync(1, 2, 3);

        Assert.That(service.Keys, Is.EqualTo(["key-1", "key-2"]));
    }

    [Test]
    public async Task A_reload_without_a_good_key_is_logged_once_and_the_last_good_one_stays()
    {
        var configuration = RegistrationTests.Configuration(("Chats:shop:ApiKey", "key-1"));
        var service = new StubHandler(200);
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
        Assert.That(logs.Lines.Where(line => line.Contains("was refused", StringComparison.Ordinal)), Has.Exactly(1).Contains(" Error: "));
    }

    [Test]
    public async Task A_key_file_is_read_again_and_a_bad_moment_of_it_is_survived()
    {
        using var file = new TemporaryFile("key-1");
        var clock = new VirtualClock();
        var service = new StubHandler(200);
        await using var provider = Build(
            services =>
            {
                services.AddSingleton<TimeProvider>(clock);
                return services.AddChatsClient(RegistrationTests.Configuration(("Chats:ApiKeyFile", file.Path)).GetSection("Chats"));
            },
            service);
        var client = provider.GetRequiredService<IChatsClient>();

        foreach (var content in new[] { "key-1", "", "key-3" })
        {
            file.Write(content);
            clock.Advance(TimeSpan.FromSeconds(6));
            await client.GetChatMessageAsync(1, 2, 3);
        }

        Assert.That(service.Keys, Is.EqualTo(["key-1", "key-1", "key-3"]));
    }

    [Test]
    public async Task A_key_file_that_holds_no_good_key_any_more_is_logged_once_and_the_last_good_one_stays()
    {
        using var file = new TemporaryFile("key-1");
        var clock = new VirtualClock();
        var service = new StubHandler(200);
        var logs = new LogCollector();
        await using var provider = Build(
            services =>
            {
                services.AddSingleton<TimeProvider>(clock);
                services.AddLogging(logging => logging.AddProvider(logs));
                return services.AddChatsClient(RegistrationTests.Configuration(("Chats:ApiKeyFile", file.Path)).GetSection("Chats"));
            },
            service);
        var client = provider.GetRequiredService<IChatsClient>();

        // As `echo` writes it.
        foreach (var content in new[] { "key-1", "key-2\n", "key-2\n", "key-3", "key-4\n" })
        {
            file.Write(content);
            clock.Advance(TimeSpan.FromSeconds(6));
            await client.GetChatMessageAsync(1, 2, 3);
        }

        Assert.That(service.Keys, Is.EqualTo(["key-1", "key-1", "key-1", "key-3", "key-3"]));
        var warnings = logs.Lines.Where(line => line.Contains("line break", StringComparison.Ordinal)).ToArray();
        Assert.That(warnings, Has.Length.EqualTo(2), "once for each time that it turned bad");
        Assert.That(warnings, Has.None.Contains("key-2").And.All.Contains(" Error: "));
    }

    [Test]
    public async Task A_provider_in_code_is_asked_on_every_request()
    {
        var asked = 0;
        var service = new StubHandler(200);
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
