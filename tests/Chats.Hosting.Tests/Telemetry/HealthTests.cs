using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class HealthTests
{
    [TestCase("", 200, 0, HealthStatus.Unhealthy, "Chats:ApiKey: there is no key", TestName = "Without a key it says what to set")]
    [TestCase("ApiKey=key", 200, 2, HealthStatus.Healthy, "", TestName = "With a key it tells the remaining quota")]
    [TestCase("ApiKey=key", 420, 1, HealthStatus.Degraded, "", TestName = "A used up quota degrades it")]
    [TestCase("ApiKey=key;UseQuota=false", 200, 1, HealthStatus.Healthy, "There is a key.", TestName = "Without a quota it only says that there is a key")]
    public async Task Health(string settings, int status, int calls, HealthStatus health, string description)
    {
        var clock = new ManualClock();
        using var service = new StubHandler((request, _) => Task.FromResult(
            StubHandler.Response(request, status, "Hit rate limit of '1000' requests per 'hour' for resource 'R'")));
        var configuration = RegistrationTests.Configuration(
            [.. settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(it => it.Split('=')).Select(it => ($"Chats:{it[0]}", it[1]))]);
        await using var provider = RegistrationTests.Build(services =>
        {
            services.AddLogging();
            services.AddSingleton<TimeProvider>(clock);
            services.AddChatsClient(configuration.GetSection("Chats")).ConfigurePrimaryHttpMessageHandler(() => service);
            services.AddHealthChecks().AddChatsClient();
        });
        for (var call = 0; call < calls; call++)
        {
            await clock.FailureOfAsync(() => provider.GetRequiredService<IChatsClient>().GetChatMessageAsync(1, 2, 3));
        }

        var entry = (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["chats"];

        Assert.That((entry.Status, service.Calls), Is.EqualTo((health, calls)), "It makes no request itself.");
        Assert.That(entry.Description, Does.Contain(description));
        var remaining = health == HealthStatus.Healthy && calls == 2 ? "998 of 1000" : health == HealthStatus.Degraded ? "0 of 1000" : null;
        Assert.That(entry.Data.GetValueOrDefault("getChatMessage of business 1"), Is.EqualTo(remaining));
    }

    [Test]
    public async Task A_client_that_nobody_registered_is_unhealthy()
    {
        await using var provider = RegistrationTests.Build(services =>
        {
            services.AddLogging();
            services.AddChatsClient("shop", options => options.ApiKey = "key");
            services.AddHealthChecks().AddChatsClient("shpo");
        });

        var entry = (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["chats-shpo"];

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(entry.Description, Does.Contain("AddChatsClient").And.Contain("'shpo'"));
    }
}
