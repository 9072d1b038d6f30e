namespace YandexMarket.Chats.Witnesses.Tests;

/// <summary>
/// What the client asks and what the emulator responds, both written by hand from the documentation, is as the contract says: Prism sees
/// every request and every response and finds nothing. WrongRequestTests show that it would find something.
/// </summary>
[Slow]
internal sealed class ProxyTests
{
    // The largest number that Prism can count to: an int64 above it is a violation to it, whatever the contract says.
    private const long Absent = (1L << 53) - 1;

    private static readonly TimeSpan _stall = TimeSpan.FromSeconds(10);

    private Conversation _conversation = null!;

    /// <summary>How to get every status of the contract but 400: the client makes no request that would get it.</summary>
    public static IEnumerable<TestCaseData> Statuses => ChatsOperations.All.SelectMany(operation => new[]
    {
        Case(operation, 200, "carried out", it => it.CallAsync(operation)),
        Case(operation, 401, "an unknown key", it => it.CallAsync(operation, Witness.UnknownKey)),
        Case(operation, 403, "a key for something else", it => it.CallAsync(operation, Witness.UselessKey)),
        Case(operation, 403, "another one's business", it => it.CallAsync(operation, businessId: Absent)),
        Case(operation, 404, "no such chat", it => it.CallAsync(operation, chatId: Absent)),
        operation.IsRead
            ? Case(operation, 404, "no such message", it => it.CallAsync(operation, messageId: Absent))
            : Case(operation, 403, "a key that only reads", it => it.CallAsync(operation, Witness.ReadingKey)),
        Case(operation, 420, "the quota of the hour is used up", it =>
        {
            it.Business.UseQuota(operation.IsRead ? EmulatedOperation.GetChatMessage : EmulatedOperation.SendMessageToChat, operation.QuotaPerHour);
            return it.CallAsync(operation);
        }),
        Case(operation, 420, "too many at once", it => TooManyAtOnceAsync(it, operation)),
        Case(operation, 500, "an internal error", it => FailAsync(it, operation, ChatsFault.InternalServerError)),
        Case(operation, 500, "an internal error after the call was carried out", it =>
            FailAsync(it, operation, ChatsFault.InternalServerError.AfterDelivery())),
    });

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
            Is.SubsetOf(Witness.Emulator.Requests.Select(call => call.TraceParent)),
            "Prism responded in place of the emulator.");
    }

    [Test]
    public async Task A_conversation_with_every_kind_of_text_and_file()
    {
        var (client, business) = (_conversation.Client(Witness.TalkingKey), _conversation.Business.Id);
        string[] texts =
        [
            "x", " spaces at both ends ", "Где моя посылка? \U0001F600\u200d\U0001F680", "\"quotes\", \\ and\nlines\t\0", new('я', 4096),
        ];
        ChatAttachment[] files = [new("", "https://example.org/1?a=b#c", 0), new("фото.jpg", new string('u', 2000), int.MaxValue)];

        foreach (var text in texts)
        {
            await client.SendMessageToChatAsync(business, Conversation.ChatId, text);
        }

        foreach (var sender in new[] { EmulatedSender.Customer, EmulatedSender.Market, EmulatedSender.Partner, EmulatedSender.Support })
        {
            _conversation.Chat.AddMessage(sender, $"from {sender}", files);
            _conversation.Chat.AddMessage(sender, null, files);
        }

        Assert.That(_conversation.Chat.Messages.Skip(1).Take(texts.Length).Select(message => message.Text), Is.EqualTo(texts));
        foreach (var told in _conversation.Chat.Messages)
        {
            var read = await client.GetChatMessageAsync(business, Conversation.ChatId, told.Id);

            Assert.That(
                (read.MessageId, read.Sender.ToString().ToUpperInvariant(), read.Message, read.CreatedAt),
                Is.EqualTo((told.Id, told.Sender, told.Text, told.CreatedAt)));
            Assert.That(
                (read.Payload ?? []).Select(file => (file.Name, file.Url, file.Size)),
                Is.EqualTo(told.Attachments.Select(file => (file.Name, file.Url, (long)file.Size))));
        }
    }

    [TestCaseSource(nameof(Statuses))]
    public async Task A_response_that_the_contract_defines(ChatsOperation operation, int status, Delegate call)
    {
        var act = (Func<Conversation, Task>)call;
        if (status == 200)
        {
            await act(_conversation);
            return;
        }

        var failure = await Assert.CatchAsync<ChatsApiException>(() => act(_conversation));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure!.StatusCode, Is.EqualTo(status));
            Assert.That(failure, status == 420 ? Is.TypeOf<ChatsRateLimitException>() : Is.TypeOf<ChatsApiException>());
            Assert.That(failure.MayHaveBeenSent, Is.EqualTo(status == 500 && !operation.IsRead));
            Assert.That(failure.Errors, Is.Not.Empty);
            Assert.That(
                Witness.Emulator.Requests.Select(one => (one.TraceParent, one.Status)),
                Has.Member((failure.TraceParent, (int?)status)));
        }
    }

    private static Task FailAsync(Conversation conversation, ChatsOperation operation, ChatsFault fault)
    {
        Witness.Emulator.Faults.Next(fault);
        return conversation.CallAsync(operation);
    }

    /// <summary>Four calls stall inside the service while the fifth is refused; then they end well.</summary>
    private static async Task TooManyAtOnceAsync(Conversation conversation, ChatsOperation operation)
    {
        Witness.Emulator.Faults.Next(ChatsFault.Stall.AfterDelivery().For(_stall), times: 4);
        var stalled = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => conversation.CallAsync(operation)));
        await Until.TrueAsync(() => conversation.Business.CallsInProgress == 4);
        try
        {
            await conversation.CallAsync(operation);
        }
        finally
        {
            await Until.TrueAsync(() =>
            {
                Witness.Clock.Advance(Witness.Clock.NextDue is null ? TimeSpan.Zero : _stall);
                return stalled.IsCompleted;
            });
            await stalled;
        }
    }

    private static TestCaseData Case(ChatsOperation operation, int status, string name, Func<Conversation, Task> call) =>
        new TestCaseData(operation, status, call).SetArgDisplayNames($"{operation.Id}, {status}, {name}");
}
