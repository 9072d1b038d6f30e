using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Tests.Calling;

/// <summary>
/// The client and the emulator, which share no code and read the documentation each on its own: here the one can contradict the other,
/// and the emulator knows what was truly taken.
/// </summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ConversationTests
{
    private readonly ManualClock _clock = new();
    private ChatsEmulator _emulator = null!;
    private EmulatedChat _chat = null!;
    private long _question;

    private const string Question = "Где моя посылка? \U0001F600";
    private const string Answer = "Уже в пути: \"завтра\"\n\U0001F69A";

    [SetUp]
    public async Task Start()
    {
        _emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions { TimeProvider = _clock, HourlyQuota = 5 });
        _emulator.AddKey("key", "communication");
        _emulator.AddKey("reader", "all-methods:read-only");
        _emulator.AddKey("manager", "settings-management");
        _chat = _emulator.AddBusiness(1).AddChat(2);
        _question = _chat.Receive(Question, new ChatAttachment("фото.jpg", "https://example.org/1?a=b", 12345)).Id;
    }

    [TearDown]
    public async Task Stop() => await _emulator.DisposeAsync();

    [Test]
    public async Task A_question_is_read_and_answered_and_the_answer_is_read_back()
    {
        using var client = Client("key");

        var question = await client.GetChatMessageAsync(1, 2, _question);
        await client.SendMessageToChatAsync(1, 2, Answer);
        var answer = await client.GetChatMessageAsync(1, 2, _chat.Messages[^1].Id);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((question.MessageId, question.Sender, question.Message), Is.EqualTo((_question, ChatMessageSender.Customer, Question)));
            Assert.That(question.CreatedAt.ToUniversalTime(), Is.EqualTo(_clock.GetUtcNow()));
            Assert.That(
                question.Payload!.Select(file => (file.Name, file.Url, file.Size)), Is.EqualTo([("фото.jpg", "https://example.org/1?a=b", 12345)]));
            Assert.That((answer.Sender, answer.Message), Is.EqualTo((ChatMessageSender.Partner, Answer)));
            Assert.That(answer.Payload, Is.Null);
            Assert.That(_emulator.Requests.TotalDelivered, Is.EqualTo(1));
        }
    }

    [TestCase("dead", 1, 2, 401, "UNAUTHORIZED", "Api-Key token is invalid")]
    [TestCase("reader", 1, 2, 403, "FORBIDDEN", "Token does not have any of the scopes to access the API method")]
    [TestCase("manager", 1, 2, 403, "FORBIDDEN", "Token does not have any of the scopes to access the API method")]
    [TestCase("key", 9, 2, 403, "FORBIDDEN", "Access denied")]
    [TestCase("key", 1, 9, 404, "NOT_FOUND", "Can't find chat by id: '9'")]
    public async Task A_refused_send_says_so_and_nothing_was_taken(string key, long business, long chat, int status, string code, string message)
    {
        using var client = Client(key);

        var exception = await Assert.ThrowsAsync<ChatsApiException>(() => client.SendMessageToChatAsync(business, chat, "text"));

        AssertRefused(exception!, status, code, message);
    }

    [TestCase("dead", 2, 1, 401, "UNAUTHORIZED", "Api-Key token is invalid")]
    [TestCase("manager", 2, 1, 403, "FORBIDDEN", "Token does not have any of the scopes to access the API method")]
    [TestCase("reader", 9, 1, 404, "NOT_FOUND", "Can't find chat by id: '9'")]
    [TestCase("reader", 2, 987654321, 404, "NOT_FOUND", "Can't find message by id: '987654321' for chat '2'")]
    public async Task A_refused_read_says_why(string key, long chat, long messageId, int status, string code, string message)
    {
        using var client = Client(key);

        var exception = await Assert.ThrowsAsync<ChatsApiException>(() => client.GetChatMessageAsync(1, chat, messageId));

        AssertRefused(exception!, status, code, message);
    }

    [Test]
    public async Task The_hourly_quota_says_how_long_to_wait_and_is_over_after_that()
    {
        using var client = Client("key");
        for (var i = 0; i < 5; i++)
        {
            await client.SendMessageToChatAsync(1, 2, $"text {i}");
        }

        var exception = await Assert.ThrowsAsync<ChatsRateLimitException>(() => client.SendMessageToChatAsync(1, 2, "one too many"));
        var taken = _emulator.Requests.TotalDelivered;
        _clock.Advance(TimeSpan.FromHours(1));
        await client.SendMessageToChatAsync(1, 2, "in the next hour");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((exception!.StatusCode, exception.Limit, exception.MayHaveBeenSent, taken), Is.EqualTo((420, ChatsLimitKind.Hourly, false, 5)));
            Assert.That((exception.RateLimit!.Limit, exception.RateLimit.Remaining), Is.EqualTo(((int?)5, (int?)0)));
            Assert.That(exception.RateLimit.ResetsAt, Is.EqualTo(new DateTimeOffset(2025, 11, 21, 11, 0, 0, TimeSpan.Zero)));
            Assert.That(_chat.Messages[^1].Text, Is.EqualTo("in the next hour"));
        }
    }

    [Test]
    public async Task Too_many_at_once_is_told_apart_from_the_quota()
    {
        // Four calls stand still inside the service; the fifth is one too many.
        _emulator.Faults.Next(ChatsFault.Stall.AfterDelivery(), times: 4);
        using var client = Client("reader");
        using var patience = new CancellationTokenSource();
        var stalled = Enumerable.Range(0, 4).Select(_ => client.GetChatMessageAsync(1, 2, _question, patience.Token)).ToArray();
        while (_chat.Business.CallsUnderWay < 4)
        {
            await Task.Yield();
        }

        var exception = await Assert.ThrowsAsync<ChatsRateLimitException>(() => client.GetChatMessageAsync(1, 2, _question));
        await patience.CancelAsync();

        Assert.That((exception!.Limit, exception.MayHaveBeenSent), Is.EqualTo((ChatsLimitKind.Parallel, false)));
        Assert.That(async () => await Task.WhenAll(stalled), Throws.InstanceOf<OperationCanceledException>());
    }

    private void AssertRefused(ChatsApiException exception, int status, string code, string message)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That((exception.StatusCode, exception.MayHaveBeenSent), Is.EqualTo((status, false)));
            Assert.That(exception.Errors.Select(error => (error.Code, error.Message)), Is.EqualTo([(code, (string?)message)]));
            Assert.That(exception.TraceParent, Is.EqualTo(_emulator.Requests.Single().TraceParent));
            Assert.That(_emulator.Requests.TotalDelivered, Is.Zero);
        }
    }

    private ChatsClient Client(string key, Action<ChatsClientOptions>? change = null)
    {
        var options = new ChatsClientOptions { ApiKey = key, BaseAddress = _emulator.BaseAddress };
        change?.Invoke(options);
        return new ChatsClient(options);
    }
}
