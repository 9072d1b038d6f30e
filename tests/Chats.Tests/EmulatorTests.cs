using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Tests;

public class EmulatorTests
{
    [Test]
    public async Task A_message_is_read_and_answered_over_a_real_socket()
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("key", "communication");
        var chat = emulator.AddBusiness(1).AddChat(2);
        var received = chat.Receive("Здравствуйте!");
        using var client = new ChatsClient(new ChatsClientOptions { ApiKey = "key", BaseAddress = emulator.BaseAddress });

        var message = await client.GetChatMessageAsync(1, 2, received.Id);
        await client.SendMessageToChatAsync(1, 2, "Добрый день");

        Assert.That((message.Message, message.Sender), Is.EqualTo(("Здравствуйте!", ChatMessageSender.Customer)));
        Assert.That(chat.Messages[^1].Text, Is.EqualTo("Добрый день"));
    }
}
