using Consumers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using YandexMarket.Chats;
using YandexMarket.Chats.Hosting;

// Clients that are bound from a configuration, without a host around them. Nothing listens at the address of the second.
var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
{
    ["Chats:ApiKey"] = Environment.GetEnvironmentVariable("Chats__ApiKey"),
    ["Chats:BaseAddress"] = Environment.GetEnvironmentVariable("Chats__BaseAddress"),
    ["Chats:GrantedScopes:0"] = ChatsScopes.AllMethods,
    ["Nowhere:ApiKey"] = "key",
    ["Nowhere:BaseAddress"] = "http://127.0.0.1:1/v2/",
    ["Nowhere:MaxAttempts"] = "1",
}).Build();
var services = new ServiceCollection();
services.AddChatsClient(configuration.GetSection("Chats"));
services.AddChatsClient("nowhere", configuration.GetSection("Nowhere"));
await using var provider = services.BuildServiceProvider();

await Conversation.HoldAsync(provider.GetRequiredService<IChatsClient>(), Console.Out);
try
{
    await provider.GetRequiredKeyedService<IChatsClient>("nowhere").SendMessageToChatAsync(1, 2, "Уже в пути");
}
catch (ChatsConnectionException failure)
{
    Console.WriteLine($"{(failure.MayHaveBeenSent ? "may have been sent" : "not sent")}");
}
