using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Witnesses.Tests.PrismProxy;

/// <summary>
/// What the client asks and what the emulator answers, both written by hand from the documentation, is as the contract says: Prism sees
/// every request and every answer and finds nothing. That it would find something is shown by the other tests of this folder.
/// </summary>
[Slow]
internal sealed class ConversationTests
{
    private Conversation _conversation = null!;

    private static IEnumerable<TestCaseData> Provocations =>
        Provocation.All.Select(one => new TestCaseData(one).SetArgDisplayNames($"{one}"));

    [SetUp]
    public void Begin() => _conversation = new Conversation();

    [TearDown]
    public void No_call_violated_the_contract()
    {
        var calls = _conversation.Watch.Calls;
        _conversation.Dispose();

        Assert.That(calls, Is.Not.Empty);
        Assert.That(_conversation.Watch.Violations, Is.Empty);
        Assert.That(
            calls.Select(call => call.TraceParent),
            Is.SubsetOf(ProxyWitness.Emulator.Requests.Select(call => call.TraceParent)),
            "Prism answered in place of the emulator.");
    }

    [Test]
    public async Task A_conversation_in_every_kind_of_text_and_file()
    {
        var client = _conversation.Client(Keys.Talks);
        string[] texts =
        [
            "x", " spaces at both ends ", "Где моя посылка? \U0001F600\u200d\U0001F680", "\"quotes\", \\ and\nlines\t\0", new('я', 4096),
        ];
        EmulatedSender[] senders = [EmulatedSender.Customer, EmulatedSender.Market, EmulatedSender.Partner, EmulatedSender.Support];
        ChatAttachment[] files = [new("", "https://example.org/1?a=b#c", 0), new("фото.jpg", new string('u', 2000), int.MaxValue)];

        foreach (var text in texts)
        {
            await client.SendMessageToChatAsync(_conversation.Business.Id, Conversation.ChatId, text);
        }

        foreach (var sender in senders)
        {
            _conversation.Chat.AddMessage(sender, $"from {sender}", files);
            _conversation.Chat.AddMessage(sender, null, files);
        }

        var told = _conversation.Chat.Messages;
        var read = new List<ChatMessage>();
        foreach (var message in told)
        {
            read.Add(await client.GetChatMessageAsync(_conversation.Business.Id, Conversation.ChatId, message.Id));
        }

        Assert.That(told.Skip(1).Take(texts.Length).Select(message => message.Text), Is.EqualTo(texts));
        Assert.That(
            read.Select(message => (message.MessageId, message.Sender.ToString().ToUpperInvariant(), message.Message, message.CreatedAt)),
            Is.EqualTo(told.Select(message => (message.Id, message.Sender.Value, message.Text, message.CreatedAt))));
        Assert.That(
            read.Select(message => (message.Payload ?? []).Select(file => (file.Name, file.Url, file.Size))),
            Is.EqualTo(told.Select(message => message.Attachments.Select(file => (file.Name, file.Url, file.Size)))));
    }

    [TestCaseSource(nameof(Provocations))]
    public async Task An_answer_that_the_contract_knows(object provocation)
    {
        var (operation, status, _, call) = (Provocation)provocation;
        if (status == 200)
        {
            await call(_conversation);
            return;
        }

        var failure = await Assert.CatchAsync<ChatsApiException>(() => call(_conversation));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure!.StatusCode, Is.EqualTo(status));
            Assert.That(failure, status == 420 ? Is.TypeOf<ChatsRateLimitException>() : Is.TypeOf<ChatsApiException>());
            Assert.That(failure.MayHaveBeenSent, Is.EqualTo(status == 500 && !operation.IsRead));
            Assert.That(failure.Errors, Is.Not.Empty);
            Assert.That(
                ProxyWitness.Emulator.Requests.Select(one => (one.TraceParent, one.Status)),
                Has.Member((failure.TraceParent, (int?)status)));
        }
    }
}
