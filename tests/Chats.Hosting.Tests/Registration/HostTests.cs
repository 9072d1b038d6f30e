using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>In the hosts that people use, against the emulator over real sockets, with the primary handler of the registration.</summary>
internal sealed class HostTests
{
    [Test]
    public async Task In_a_web_application_an_endpoint_sends_and_the_health_endpoint_tells()
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("key", ChatsScopes.Communication);
        var chat = emulator.AddBusiness(1).AddChat(2);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new("Chats:ApiKey", "key"), new("Chats:BaseAddress", $"{emulator.BaseAddress}")]);
        builder.Services.AddChatsClient(builder.Configuration.GetSection("Chats"));
        builder.Services.AddHealthChecks().AddChatsClient();
        await using var app = builder.Build();
        app.MapHealthChecks("/health");
        app.MapPost("/answer", async (IChatsClient chats) =>
        {
            await chats.SendMessageToChatAsync(1, 2, "On its way.");
            return "sent";
        });
        await app.StartAsync();

        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var sent = await http.PostAsync(new Uri("/answer", UriKind.Relative), null);
        var health = await http.GetStringAsync(new Uri("/health", UriKind.Relative));

        Assert.That((await sent.Content.ReadAsStringAsync(), health), Is.EqualTo(("sent", "Healthy")));
        Assert.That(chat.Messages.Select(message => message.Text), Is.EqualTo(["On its way."]));
    }

    [Test]
    public async Task In_a_worker_a_hosted_service_gets_the_client()
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("key", ChatsScopes.Communication);
        var chat = emulator.AddBusiness(1).AddChat(2);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Services.AddChatsClient(options => (options.ApiKey, options.BaseAddress) = ("key", emulator.BaseAddress));
        builder.Services.AddHostedService<Worker>();
        using var host = builder.Build();

        await host.StartAsync();
        await host.Services.GetServices<IHostedService>().OfType<Worker>().Single().ExecuteTask!;
        await host.StopAsync();

        Assert.That(chat.Messages.Select(message => message.Text), Is.EqualTo(["From a worker."]));
    }

    private sealed class Worker(IChatsClient chats) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            chats.SendMessageToChatAsync(1, 2, "From a worker.", stoppingToken);
    }
}
