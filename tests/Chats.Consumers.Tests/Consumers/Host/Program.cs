using Consumers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using YandexMarket.Chats;
using YandexMarket.Chats.Hosting;

// A worker without ASP.NET Core. Key and address come from the environment: Chats__ApiKey, Chats__BaseAddress.
var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddChatsClient(builder.Configuration.GetSection("Chats"));
builder.Services.AddHostedService<Worker>();
await builder.Build().RunAsync();

internal sealed class Worker(IChatsClient client, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Conversation.HoldAsync(client, Console.Out);
        lifetime.StopApplication();
    }
}
