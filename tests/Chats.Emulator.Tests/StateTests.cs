namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Businesses, chats, messages, keys and options from inside the process.</summary>
public sealed class StateTests
{
    private const string Read = "/v2/businesses/1/chats/message?chatId=2&messageId=1";

    [Test]
    public async Task A_message_with_only_attachments_has_no_text_in_the_answer()
    {
        await using var emulator = await StartAsync();
        emulator.FindBusiness(1)!.FindChat(2)!.Receive(
            null, new ChatAttachment("", "https://example.org/1", 0), new ChatAttachment("b", "u", int.MaxValue));

        var result = (await Wire.GetAsync(emulator, Read)).Json.GetProperty("result");

        Assert.That(result.EnumerateObject().Select(member => member.Name),
            Is.EqualTo(new[] { "messageId", "createdAt", "sender", "payload" }));
        Assert.That(result.GetProperty("payload").GetRawText(),
            Is.EqualTo("""[{"name":"","url":"https://example.org/1","size":0},{"name":"b","url":"u","size":2147483647}]"""));
    }

    [Test]
    public async Task A_message_with_only_a_text_has_no_payload_in_the_answer()
    {
        await using var emulator = await StartAsync();
        emulator.FindBusiness(1)!.FindChat(2)!.AddMessage(new EmulatedSender("COURIER"), "Привет, \"мир\" 👋\n");

        var answer = await Wire.GetAsync(emulator, Read);

        Assert.That(answer.Body, Is.EqualTo(
            """{"status":"OK","result":{"messageId":1,"createdAt":"2025-11-21T13:20:30.4+03:00","sender":"COURIER","message":"Привет, \"мир\" \uD83D\uDC4B\n"}}"""));
    }

    [TestCase(false, ExpectedResult = "  Hi\n")]
    [TestCase(true, ExpectedResult = "Hi")]
    public async Task<string?> A_text_read_back_is_trimmed_if_the_option_says_so(bool trims)
    {
        await using var emulator = await StartAsync(options => options.TrimsTexts = trims);
        await Wire.PostAsync(emulator, "/v2/businesses/1/chats/message?chatId=2", """{"message":"  Hi\n"}""");

        var answer = await Wire.GetAsync(emulator, Read);

        Assert.That(emulator.FindBusiness(1)!.FindChat(2)!.Messages.Single().Text, Is.EqualTo("  Hi\n"));
        return answer.Json.GetProperty("result").GetProperty("message").GetString();
    }

    [Test]
    public async Task A_chat_forgets_its_oldest_messages()
    {
        await using var emulator = await StartAsync(options => options.MessagesKept = 2);
        var chat = emulator.FindBusiness(1)!.FindChat(2)!;
        foreach (var text in new[] { "one", "two", "three" })
        {
            chat.Receive(text);
        }

        Assert.That(chat.Messages.Select(it => it.Text), Is.EqualTo(new[] { "two", "three" }));
        Assert.That((await Wire.GetAsync(emulator, Read)).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task The_record_keeps_the_latest_and_counts_all()
    {
        await using var emulator = await StartAsync(options => options.RequestsKept = 3);
        for (var i = 1; i <= 5; i++)
        {
            await Wire.GetAsync(emulator, $"/v2/{i}");
        }

        var kept = emulator.Requests.Select(it => (it.Number, it.Path)).ToArray();
        var (count, total) = (emulator.Requests.Count, emulator.Requests.Total);
        emulator.Requests.Clear();

        Assert.That(kept, Is.EqualTo(new[] { (3L, "/v2/3"), (4L, "/v2/4"), (5L, "/v2/5") }));
        Assert.That((count, total, emulator.Requests.Count, emulator.Requests.Total), Is.EqualTo((3, 5, 0, 5)));
    }

    [Test]
    public async Task The_record_names_what_was_asked()
    {
        await using var emulator = await StartAsync();

        await Wire.GetAsync(emulator, "/v2/businesses/1/chats/message?chatId=2&messageId=77", "communication-key");
        await Wire.AskAsync(emulator, Wire.Request("DELETE", "/" + new string('x', 500), null, ""));
        await Wire.GetAsync(emulator, Read, "key");

        var (first, second) = (emulator.Requests.First(), emulator.Requests.ElementAt(1));
        Assert.That(
            (first.Method, first.Path, first.BusinessId, first.ChatId, first.MessageId, first.KeyHint, first.ErrorMessage, first.ReceivedAt),
            Is.EqualTo(("GET", "/v2/businesses/1/chats/message", (long?)1, (long?)2, (long?)77, "comm…",
                "Can't find message by id: '77' for chat '2'", new ManualClock().GetUtcNow())));
        Assert.That((second.Method, second.Path.Length, second.Operation, second.KeyHint, second.Status),
            Is.EqualTo(("DELETE", 200, (EmulatedOperation?)null, (string?)null, (int?)404)));
        Assert.That(emulator.Requests.Last().KeyHint, Is.EqualTo("k…"), "of a short key not even four characters");
    }

    [Test]
    public async Task A_test_can_wait_for_a_message()
    {
        await using var emulator = await StartAsync();
        var chat = emulator.FindBusiness(1)!.FindChat(2)!;
        using var patience = new CancellationTokenSource(Until.Patience);

        var waiting = chat.WaitForAsync(it => it.Sender == EmulatedSender.Partner, patience.Token);
        var failing = chat.WaitForAsync(_ => throw new InvalidOperationException("mine"), patience.Token);
        chat.Receive("Hello?");
        var early = waiting.IsCompleted;
        await Wire.PostAsync(emulator, "/v2/businesses/1/chats/message?chatId=2", """{"message":"Hi"}""");

        var found = await waiting;
        Assert.That((early, found.Text), Is.EqualTo((false, "Hi")));
        Assert.That(await chat.WaitForAsync(it => it.Text == "Hi"), Is.SameAs(found));
        Assert.That(() => failing, Throws.InvalidOperationException.With.Message.EqualTo("mine"));
        Assert.That(() => chat.WaitForAsync(_ => false, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_key_can_get_other_scopes()
    {
        await using var emulator = await StartAsync();
        emulator.AddKey("key");
        var before = await Wire.GetAsync(emulator, Read);
        emulator.AddKey("key", "all-methods:read-only");
        var after = await Wire.GetAsync(emulator, Read);

        Assert.That((before.Status, after.Status), Is.EqualTo((403, 404)));
        Assert.That((emulator.RemoveKey("nobody"), emulator.RevokeKey("nobody"), emulator.RemoveKey("key")),
            Is.EqualTo((false, false, true)));
    }

    [Test]
    public async Task What_cannot_be_is_refused_with_a_hint()
    {
        await using var emulator = await StartAsync();
        var business = emulator.FindBusiness(1)!;
        var chat = business.FindChat(2)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => emulator.AddBusiness(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => emulator.AddBusiness(1), Throws.ArgumentException.With.Message.Contains("FindBusiness"));
            Assert.That(() => business.AddChat(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => business.AddChat(2), Throws.ArgumentException.With.Message.Contains("FindChat"));
            Assert.That(() => chat.Receive(null), Throws.ArgumentException);
            Assert.That(() => chat.Receive("", []), Throws.ArgumentException);
            Assert.That(() => chat.Receive("x", [null!]), Throws.ArgumentException);
            Assert.That(() => chat.AddMessage(null!, "x"), Throws.ArgumentNullException);
            Assert.That(() => emulator.AddKey(""), Throws.ArgumentException);
            Assert.That(() => emulator.AddKey("a key"), Throws.ArgumentException.With.Message.Not.Contains("a key"));
            Assert.That(() => emulator.AddKey("key", " "), Throws.ArgumentException);
            Assert.That(() => new ChatAttachment(null!, "u", 1), Throws.ArgumentNullException);
            Assert.That(() => new ChatAttachment("n", "", 1), Throws.ArgumentException);
            Assert.That(() => new ChatAttachment("n", new string('u', 2001), 1), Throws.ArgumentException.With.Message.Contains("2001"));
            Assert.That(() => new ChatAttachment("n", "u", -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new EmulatedSender(" "), Throws.ArgumentException);
            Assert.That(() => business.UseQuota(EmulatedOperation.GetChatMessage, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }

    private static readonly TestCaseData[] _badOptions =
    [
        new TestCaseData(new ChatsEmulatorOptions { Port = 70_000 }).SetArgDisplayNames("Port"),
        new TestCaseData(new ChatsEmulatorOptions { ParallelLimit = 0 }).SetArgDisplayNames("ParallelLimit"),
        new TestCaseData(new ChatsEmulatorOptions { HourlyQuota = 0 }).SetArgDisplayNames("HourlyQuota"),
        new TestCaseData(new ChatsEmulatorOptions { QuotaPeriod = TimeSpan.FromSeconds(0.9) }).SetArgDisplayNames("QuotaPeriod"),
        new TestCaseData(new ChatsEmulatorOptions { QuotaPeriod = TimeSpan.FromHours(1.1) }).SetArgDisplayNames("QuotaPeriod, too long"),
        new TestCaseData(new ChatsEmulatorOptions { RequestsKept = 0 }).SetArgDisplayNames("RequestsKept"),
        new TestCaseData(new ChatsEmulatorOptions { MessagesKept = 0 }).SetArgDisplayNames("MessagesKept"),
        new TestCaseData(new ChatsEmulatorOptions { TimeProvider = null! }).SetArgDisplayNames("TimeProvider"),
        new TestCaseData(new ChatsEmulatorOptions { NotificationUrl = new Uri("ftp://x") }).SetArgDisplayNames("NotificationUrl"),
        new TestCaseData(new ChatsEmulatorOptions { NotificationTimeout = TimeSpan.Zero }).SetArgDisplayNames("NotificationTimeout"),
        new TestCaseData(new ChatsEmulatorOptions { NotificationTimeout = TimeSpan.FromDays(365) }).SetArgDisplayNames("NotificationTimeout, longer than a timer"),
        new TestCaseData(new ChatsEmulatorOptions { NotificationRetryPause = null! }).SetArgDisplayNames("NotificationRetryPause"),
    ];

    [TestCaseSource(nameof(_badOptions))]
    public void An_option_out_of_bounds_is_named(ChatsEmulatorOptions options)
    {
        var name = TestContext.CurrentContext.Test.Name.Split('(', ',', ')')[1];

        Assert.That(() => ChatsEmulator.StartAsync(options),
            Throws.ArgumentException.With.Message.StartsWith($"ChatsEmulatorOptions.{name} must "));
    }

    [Test]
    public async Task A_taken_port_is_an_IOException()
    {
        await using var emulator = await StartAsync();

        Assert.That(() => ChatsEmulator.StartAsync(new ChatsEmulatorOptions { Port = emulator.BaseAddress.Port }),
            Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Options_are_copied_and_disposing_twice_is_harmless()
    {
        var options = new ChatsEmulatorOptions { TimeProvider = new ManualClock() };
        var emulator = await ChatsEmulator.StartAsync(options);
        options.HourlyQuota = null;

        Assert.That(emulator.AddBusiness(1).RemainingQuota(EmulatedOperation.GetChatMessage), Is.EqualTo(1000));
        await emulator.DisposeAsync();
        Assert.That(async () => await emulator.DisposeAsync(), Throws.Nothing);
    }

    private static async Task<ChatsEmulator> StartAsync(Action<ChatsEmulatorOptions>? configure = null)
    {
        var options = new ChatsEmulatorOptions { TimeProvider = new ManualClock() };
        configure?.Invoke(options);
        var emulator = await ChatsEmulator.StartAsync(options);
        emulator.AddKey("key", "communication");
        emulator.AddKey("communication-key", "communication");
        emulator.AddBusiness(1).AddChat(2);
        return emulator;
    }
}
