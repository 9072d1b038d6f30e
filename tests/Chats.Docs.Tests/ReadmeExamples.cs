namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The examples of the README, run against the emulator.</summary>
public class ReadmeExamples
{
    [Test]
    public async Task First_call()
    {
        await using var shop = await Shop.OpenAsync();
        var (key, businessId, chatId, messageId) = ("key", 1, 2, shop.Chat.Receive("Hello").Id);
        using var written = new StringWriter();
        var Console = written;

        // README: First call
        var options = new ChatsClientOptions { ApiKey = key };
        options.BaseAddress = shop.Emulator.BaseAddress; // test only
        using var client = new ChatsClient(options);

        ChatMessage message = await client.GetChatMessageAsync(businessId, chatId, messageId);
        Console.WriteLine($"{message.Sender}: {message.Message}");

        await client.SendMessageToChatAsync(businessId, chatId, "Hello! It is on its way.");
        // end

        Assert.That(written.ToString().Trim(), Is.EqualTo("Customer: Hello"));
        Assert.That(shop.Chat.Messages[^1].Text, Is.EqualTo("Hello! It is on its way."));
    }

    [Test]
    public async Task Testing_your_code()
    {
        // README: Testing your code
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("test-key", ChatsScopes.Communication);
        var chat = emulator.AddBusiness(1).AddChat(2);
        var received = chat.Receive("Where is my order?");

        using var client = new ChatsClient(new ChatsClientOptions { ApiKey = "test-key", BaseAddress = emulator.BaseAddress });
        var message = await client.GetChatMessageAsync(1, 2, received.Id);
        await client.SendMessageToChatAsync(1, 2, "On its way.");
        // end

        Assert.That((message.Message, message.Sender), Is.EqualTo(("Where is my order?", ChatMessageSender.Customer)));
        Assert.That(chat.Messages.Select(m => m.Text), Is.EqualTo(new[] { "Where is my order?", "On its way." }));
    }
}
