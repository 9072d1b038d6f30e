using Consumers;
using YandexMarket.Chats;
using YandexMarket.Chats.AspNetCore;
using YandexMarket.Chats.Hosting;

// An application of ASP.NET Core with a client for one of its shops; it asks itself once and stops.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddChatsClient("shop", builder.Configuration.GetSection("Chats"));
builder.Services.AddChatsNotifications<Desk>();
builder.Services.AddHealthChecks().AddChatsClient("shop");

await using var app = builder.Build();
app.MapHealthChecks("/health");
app.MapGet("/conversation", async ([FromKeyedServices("shop")] IChatsClient client) =>
{
    using var lines = new StringWriter();
    await Conversation.HoldAsync(client, lines);
    return lines.ToString();
});
app.MapChatsNotifications();
await app.StartAsync();

using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(app.Urls.Single()) };
Console.Write(await browser.GetStringAsync("/conversation"));
Console.WriteLine(await browser.GetStringAsync("/health"));
(await browser.PostAsJsonAsync("/notification", new { notificationType = "PING" })).EnsureSuccessStatusCode();

internal sealed class Desk : IChatsNotificationHandler;
