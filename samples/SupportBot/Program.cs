// A support bot: it answers every buyer's message once, even if it is killed in between. Chats__ApiKey=… dotnet run --project samples/SupportBot
using YandexMarket.Chats.AspNetCore;
using YandexMarket.Chats.Hosting;
using YandexMarket.Chats.Responder;
using YandexMarket.Samples;

// README: A bot that answers once
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddChatsClient(builder.Configuration.GetSection("Chats"));
var responder = builder.Services.AddChatsResponder<SupportResponder>(builder.Configuration.GetSection("Responder"));
_ = builder.Configuration.GetConnectionString("PostgreSql") is { } server
    ? responder.UsePostgreSql(server)
    : responder.UseSqlite(builder.Configuration.GetConnectionString("Sqlite") ?? "Data Source=chats.db");

var app = builder.Build();
app.MapChatsNotifications("/notification");
await app.RunAsync();
// end
