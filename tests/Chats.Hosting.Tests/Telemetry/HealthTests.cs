using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class HealthTests
{
    [Test]
    public async Task Without_a_key_it_is_unhealthy_and_says_what_to_set()
    {
        var report = await ReportAsync(RegistrationTests.Configuration(), StubHandler.Responding(200), calls: 0);

        Assert.That(report.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(report.Description, Does.Contain("Chats:ApiKey: there is no key"));
    }

    [Test]
    public async Task With_a_key_it_tells_the_quota_left_and_makes_no_request()
    {
        var service = StubHandler.Responding(200);

        var report = await ReportAsync(RegistrationTests.Configuration(("Chats:ApiKey", "key")), service, calls: 2);

        Assert.That(report.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(report.Data["getChatMessage of business 1"], Is.EqualTo("998 of 1000"));
        Assert.That(service.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task A_used_up_quota_degrades_it()
    {
        using var service = new StubHandler((request, _) =>
        {
            var response = StubHandler.Response(request, 200);
            response.Headers.Add("X-RateLimit-Resource-Limit", "1000");
            response.Headers.Add("X-RateLimit-Resource-Remaining", "0");
            return Task.FromResult(response);
        });

        var report = await ReportAsync(RegistrationTests.Configuration(("Chats:ApiKey", "key")), service, calls: 1);

        Assert.That(report.Status, Is.EqualTo(HealthStatus.Degraded));
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

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(report.Entries["chats-shpo"].Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(report.Entries["chats-shpo"].Description, Does.Contain("AddChatsClient").And.Contain("'shpo'"));
    }

    [Test]
    public async Task Without_a_quota_it_says_only_that_there_is_a_key()
    {
        var report = await ReportAsync(RegistrationTests.Configuration(("Chats:ApiKey", "key"), ("Chats:UseQuota", "false")), StubHandler.Responding(200), calls: 1);

        Assert.That(report.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(report.Description, Is.EqualTo("There is a key."));
    }

    private static async Task<HealthReportEntry> ReportAsync(
        Microsoft.Extensions.Configuration.IConfiguration configuration, StubHandler service, int calls)
    {
        await using var provider = RegistrationTests.Build(services =>
        {
            services.AddLogging();
            services.AddSingleton<TimeProvider>(new ManualClock());
            services.AddChatsClient(configuration.GetSection("Chats")).ConfigurePrimaryHttpMessageHandler(() => service);
            services.AddHealthChecks().AddChatsClient();
        });
        for (var call = 0; call < calls; call++)
        {
            await provider.GetRequiredService<IChatsClient>().GetChatMessageAsync(1, 2, 3);
        }

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return report.Entries["chats"];
    }
}
