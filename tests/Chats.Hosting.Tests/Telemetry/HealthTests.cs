using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class HealthTests
{
    [TestCase("", 200, 0, HealthStatus.Unhealthy, "Chats:ApiKey: there is no key", null, TestName = "Without a key it says what to set")]
    [TestCase("ApiKey=key", 200, 2, HealthStatus.Healthy, "There is a key, and room in the quotas.", "998 of 1000", TestName = "With a key it tells the remaining quota")]
    [TestCase("ApiKey=key", 420, 1, HealthStatus.Degraded, "There is a key, but 1 of the quotas are used up until their hour ends.", "0 of 1000", TestName = "A used up quota degrades it")]
    [TestCase("ApiKey=key;UseQuota=false", 200, 1, HealthStatus.Healthy, "There is a key.", null, TestName = "Without a quota it only says that there is a key")]
    public async Task Health(string settings, int status, int calls, HealthStatus health, string description, string? remaining)
    {
        var clock = new ManualClock();
        using var service = new StubHandler((request, _) => Task.FromResult(
            StubHandler.Response(request, status, "Hit rate limit of '1000' requests per 'hour' for resource 'R'")));
        var configuration = Container.Configuration(
            [.. settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(it => it.Split('=')).Select(it => ($"Chats:{it[0]}", it[1]))]);
        await using var provider = Container.Build(services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.AddChatsClient(configuration.GetSection("Chats")).ConfigurePrimaryHttpMessageHandler(() => service);
            services.AddHealthChecks().AddChatsClient();
        });
        for (var call = 0; call < calls; call++)
        {
            await clock.FailureOfAsync(() => provider.Client().GetChatMessageAsync(1, 2, 3));
        }

        var entry = (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["chats"];

        Assert.That((entry.Status, service.Calls), Is.EqualTo((health, calls)), "It makes no request itself.");
        Assert.That(entry.Description, Does.Contain(description));
        Assert.That(entry.Data.GetValueOrDefault("getChatMessage of business 1"), Is.EqualTo(remaining));
    }

    [Test]
    public async Task A_client_that_nobody_registered_is_unhealthy()
    {
        await using var provider = Container.Build(services =>
        {
            services.AddChatsClient("shop", options => options.ApiKey = "key");
            services.AddHealthChecks().AddChatsClient("shpo");
        });

        var entry = (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["chats-shpo"];

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(entry.Description, Does.Contain("AddChatsClient").And.Contain("'shpo'"));
    }

    [Test]
    public async Task Two_addresses_with_one_key_and_business_have_a_health_of_their_own()
    {
        using var network = StubHandler.Responding(200);
        await using var provider = Container.Build(services =>
        {
            foreach (var name in new[] { "ru", "net" })
            {
                services.AddChatsClient(name, options => (options.ApiKey, options.BaseAddress) = ("key", new Uri($"https://{name}.example/v2")))
                    .ConfigurePrimaryHttpMessageHandler(() => network);
                services.AddHealthChecks().AddChatsClient(name);
            }
        });
        await provider.Client("ru").GetChatMessageAsync(1, 2, 3);
        await provider.Client("net").GetChatMessageAsync(1, 2, 3);
        await provider.Client("net").GetChatMessageAsync(1, 2, 3);

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(report.Entries.Select(entry => (entry.Key, entry.Value.Status, entry.Value.Data.Values.Single())), Is.EquivalentTo(new[]
        {
            ("chats-ru", HealthStatus.Healthy, (object)"999 of 1000"), ("chats-net", HealthStatus.Healthy, "998 of 1000"),
        }));
    }

    [Test]
    public async Task After_a_reload_of_the_address_it_still_shows_the_quotas_of_the_client()
    {
        var configuration = Container.Configuration(("Chats:ApiKey", "key"), ("Chats:BaseAddress", "https://old.example/v2/"));
        using var network = StubHandler.Responding(200);
        await using var provider = Container.Build(services =>
        {
            services.AddChatsClient(configuration.GetSection("Chats")).ConfigurePrimaryHttpMessageHandler(() => network);
            services.AddHealthChecks().AddChatsClient();
        });
        await provider.Client().GetChatMessageAsync(1, 2, 3);
        configuration["Chats:BaseAddress"] = "https://new.example/v2/";
        configuration.Reload();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(report.Entries["chats"].Data.Values, Is.EqualTo(new[] { "999 of 1000" }));
    }
}
