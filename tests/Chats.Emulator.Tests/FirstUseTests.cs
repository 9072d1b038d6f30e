namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>What the emulator is for, in the few lines that its documentation shows.</summary>
public sealed class FirstUseTests
{
    [Test]
    public async Task A_buyers_message_is_read_and_answered()
    {
        await using var emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions { TimeProvider = new ManualClock() });
        emulator.AddKey("key", "communication");
        var chat = emulator.AddBusiness(1).AddChat(2);
        var message = chat.Receive("Where is my parcel?", new ChatAttachment("photo.jpg", "https://example.org/photo.jpg", 123));

        var read = await Wire.GetAsync(emulator, $"/v2/businesses/1/chats/message?chatId=2&messageId={message.Id}");
        var sent = await Wire.PostAsync(emulator, "/v2/businesses/1/chats/message?chatId=2", """{"message":"It is on its way."}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.StatusLine, Is.EqualTo("HTTP/1.1 200 OK"));
            Assert.That(read.Body, Is.EqualTo("""
                {"status":"OK","result":{"messageId":1,"createdAt":"2025-11-21T13:20:30.4+03:00","sender":"CUSTOMER",
                "message":"Where is my parcel?",
                "payload":[{"name":"photo.jpg","url":"https://example.org/photo.jpg","size":123}]}}
                """.ReplaceLineEndings("")));
            Assert.That(sent.Body, Is.EqualTo("""{"status":"OK"}"""));
            Assert.That(chat.Messages.Select(it => (it.Id, it.Sender, it.Text)),
                Is.EqualTo(new[] { (1L, EmulatedSender.Customer, message.Text), (2L, EmulatedSender.Partner, "It is on its way.") }));
            Assert.That(emulator.Requests.Select(it => (it.Operation, it.Status, it.DeliveredMessageId)),
                Is.EqualTo(new (EmulatedOperation?, int?, long?)[]
            {
                (EmulatedOperation.GetChatMessage, 200, null),
                (EmulatedOperation.SendMessageToChat, 200, 2),
            }));
        }
    }

    [Test]
    public async Task The_address_is_on_loopback_and_ends_in_a_slash()
    {
        await using var emulator = await ChatsEmulator.StartAsync();

        Assert.That(emulator.BaseAddress.AbsoluteUri, Does.Match(@"^http://127\.0\.0\.1:\d+/v2/$"));
    }

    [Test]
    public async Task Two_emulators_know_nothing_of_each_other()
    {
        await using var one = await ChatsEmulator.StartAsync();
        await using var other = await ChatsEmulator.StartAsync();
        one.AddKey("key", "communication");
        one.AddBusiness(1);

        var answer = await Wire.GetAsync(other, "/v2/businesses/1/chats/message?chatId=2&messageId=3");

        Assert.That((answer.Status, one.BaseAddress, other.Businesses),
            Is.EqualTo((401, one.BaseAddress, Array.Empty<EmulatedBusiness>())));
        Assert.That(one.BaseAddress, Is.Not.EqualTo(other.BaseAddress));
    }
}
