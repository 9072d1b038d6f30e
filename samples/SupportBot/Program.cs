// The bot at work against the emulator, which fails one call in five: dotnet run --project samples/SupportBot
// For the real service: leave the emulator out, and give the notification's address to the seller's cabinet.
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using YandexMarket.Chats;
using YandexMarket.Chats.Emulator;
using YandexMarket.Samples;

await using var emulator = await ChatsEmulator.StartAsync();
emulator.AddKey("sample-key", ChatsScopes.Communication);
var chat = emulator.AddBusiness(1).AddChat(2);

using var client = new ChatsClient(new ChatsClientOptions { ApiKey = "sample-key", BaseAddress = emulator.BaseAddress });
var bot = new SupportBot(client, businessId: 1, question => $"Thank you for \"{question.Message}\". We are looking into it.", TimeProvider.System);

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
await using var app = builder.Build();
app.MapPost("/notification", (JsonElement notification) => bot.Receive(notification));
await app.StartAsync();
using var stopping = new CancellationTokenSource();
var running = bot.RunAsync(stopping.Token);

emulator.Notifications.Url = new Uri(new Uri(app.Urls.First()), "notification");
emulator.Notifications.Copies = 2; // The service may tell of a message more than once.
emulator.Faults.Random(seed: 7, probability: 0.2);
for (var i = 1; i <= 20; i++)
{
    chat.Receive($"question {i}");
}

while (bot.Open > 0 || emulator.Notifications.Pending > 0)
{
    await Task.Delay(100);
}

var twice = 0;
var forHumans = bot.ForHumans(TimeSpan.Zero).ToDictionary(it => it.MessageId, it => it.Why);
foreach (var question in chat.Messages.Where(message => message.Sender == EmulatedSender.Customer))
{
    var answers = chat.Messages.Count(message => message.Text!.EndsWith($"(No. 2-{question.Id})", StringComparison.Ordinal));
    var told = forHumans.TryGetValue(question.Id, out var why) ? $"for a human: {why}" : "done";
    Console.WriteLine($"{question.Text,-12} in the chat: {answers} answers; the bot says: {told}");
    twice += answers > 1 ? 1 : 0;
}

Console.WriteLine($"{emulator.Faults.Struck} of {emulator.Requests.Total} calls failed; answered twice: {twice}");
await stopping.CancelAsync();
await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
return twice == 0 ? 0 : 1;
