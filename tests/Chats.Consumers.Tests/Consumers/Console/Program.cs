using Consumers;
using YandexMarket.Chats;
using YandexMarket.Chats.Emulator;

// The emulator in process, as tests use it. The client goes through our own code, and through a library's for netstandard2.0.
await using var emulator = await ChatsEmulator.StartAsync();
emulator.AddKey("console-key", ChatsScopes.Communication);
var chat = emulator.AddBusiness(1).AddChat(2);
chat.Receive("Где мой заказ?");

using var client = new ChatsClient(new ChatsClientOptions { ApiKey = "console-key", BaseAddress = emulator.BaseAddress });
await Conversation.HoldAsync(client, Console.Out);
await new Desk(client).WorkAsync(Console.Out);

Console.WriteLine(string.Join(" | ", chat.Messages.Select(message => message.Text)));
