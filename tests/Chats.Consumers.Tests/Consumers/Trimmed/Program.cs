using Consumers;
using YandexMarket.Chats;

using var client = new ChatsClient(new ChatsClientOptions
{
    ApiKey = Environment.GetEnvironmentVariable("Chats__ApiKey"),
    BaseAddress = new Uri(Environment.GetEnvironmentVariable("Chats__BaseAddress")!),
});
await Conversation.HoldAsync(client, Console.Out);
