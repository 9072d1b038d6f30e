namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Businesses, chats, messages, keys and options from inside the process.</summary>
public sealed class StateTests : EmulatorTests
{
    [Test]
    public async Task A_buyers_message_is_read_and_a_reply_is_sent()
    {
        Chat.Receive("Where is my parcel?", new ChatAttachment("photo.jpg", "https://example.org/photo.jpg", 123));

        var read = await GetAsync();
        var sent = await PostAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Emulator.BaseAddress.AbsoluteUri, Does.Match(@"^http://127\.0\.0\.1:\d+/v2/$"));
            Assert.That(read.StatusLine, Is.EqualTo("HTTP/1.1 200 OK"));
            Assert.That(read.Body, Is.EqualTo("""
                {"status":"OK","result":{"messageId":1,"createdAt":"2025-11-21T13:20:30.4+03:00","sender":"CUSTOMER",
                "message":"Where is my parcel?",
                "payload":[{"name":"photo.jpg","url":"https://example.org/photo.jpg","size":123}]}}
                """.ReplaceLineEndings("")));
            Assert.That(sent.Body, Is.EqualTo(Sent));
            Assert.That(Chat.Messages.Select(it => (it.Id, it.Sender, it.Text)),
                Is.EqualTo(new[] { (1L, EmulatedSender.Customer, "Where is my parcel?"), (2L, EmulatedSender.Partner, "Hi") }));
            Assert.That(Emulator.Requests.Select(it => (it.Operation, it.Status, it.DeliveredMessageId)),
                Is.EqualTo(new (EmulatedOperation?, int?, long?)[]
                {
                    (EmulatedOperation.GetChatMessage, 200, null),
                    (EmulatedOperation.SendMessageToChat, 200, 2),
                }));
        }
    }

    [Test]
    public async Task Two_emulators_are_independent()
    {
        await using var other = await ChatsEmulator.StartAsync();

        var response = await Wire.SendAsync(other, Wire.Request("GET", Read, "key", ""));

        Assert.That((response.Status, other.Businesses.Count, other.Requests.Total, Emulator.Requests.Total), Is.EqualTo((401, 0, 1L, 0L)));
    }

    [Test]
    public async Task A_response_has_no_member_for_a_missing_text_or_missing_attachments()
    {
        Chat.Receive(null, new ChatAttachment("", "https://example.org/1", 0), new ChatAttachment("b", "u", int.MaxValue));
        Chat.AddMessage("COURIER", "Привет, \"мир\" 👋\n");

        var files = await GetAsync();
        var text = await GetAsync(Send + "&messageId=2");

        Assert.That(files.Body, Is.EqualTo("""
            {"status":"OK","result":{"messageId":1,"createdAt":"2025-11-21T13:20:30.4+03:00","sender":"CUSTOMER",
            "payload":[{"name":"","url":"https://example.org/1","size":0},{"name":"b","url":"u","size":2147483647}]}}
            """.ReplaceLineEndings("")));
        Assert.That(text.Body, Is.EqualTo(
            """{"status":"OK","result":{"messageId":2,"createdAt":"2025-11-21T13:20:30.4+03:00","sender":"COURIER","message":"Привет, \"мир\" \uD83D\uDC4B\n"}}"""));
    }

    [TestCase(false, ExpectedResult = "  Hi\n")]
    [TestCase(true, ExpectedResult = "Hi")]
    public async Task<string?> A_response_has_the_text_trimmed_if_the_option_says_so(bool trims)
    {
        await RestartAsync(options => options.TrimsTexts = trims);
        await PostAsync(body: """{"message":"  Hi\n"}""");

        var response = await GetAsync();

        Assert.That(Chat.Messages.Single().Text, Is.EqualTo("  Hi\n"));
        return response.Json.GetProperty("result").GetProperty("message").GetString();
    }

    [Test]
    public async Task A_chat_forgets_its_oldest_messages()
    {
        await RestartAsync(options => options.MessagesKept = 2);
        foreach (var text in new[] { "one", "two", "three" })
        {
            Chat.Receive(text);
        }

        Assert.That(Chat.Messages.Select(it => it.Text), Is.EqualTo(new[] { "two", "three" }));
        Assert.That((await GetAsync()).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task The_record_keeps_the_latest_calls_and_counts_all()
    {
        await RestartAsync(options => options.RequestsKept = 3);
        for (var i = 1; i <= 5; i++)
        {
            await GetAsync($"/v2/{i}");
        }

        var kept = Emulator.Requests.Select(it => (it.Number, it.Path)).ToArray();

        Assert.That(kept, Is.EqualTo(new[] { (3L, "/v2/3"), (4L, "/v2/4"), (5L, "/v2/5") }));
        Assert.That((Emulator.Requests.Count(), Emulator.Requests.Total), Is.EqualTo((3, 5)));
    }

    [Test]
    public async Task The_record_has_the_details_of_a_call()
    {
        Emulator.AddKey("communication-key", "communication");
        await GetAsync(Send + "&messageId=77", "communication-key");
        await Wire.SendAsync(Emulator, Wire.Request("DELETE", "/" + new string('x', 500), null, ""));
        await GetAsync();

        var (first, second) = (Emulator.Requests.First(), Emulator.Requests.ElementAt(1));
        Assert.That(
            (first.Method, first.Path, first.BusinessId, first.ChatId, first.MessageId, first.KeyHint, first.ErrorMessage, first.ReceivedAt),
            Is.EqualTo(("GET", "/v2/businesses/1/chats/message", (long?)1, (long?)2, (long?)77, "comm…",
                "Can't find message by id: '77' for chat '2'", Clock.GetUtcNow())));
        Assert.That((second.Method, second.Path.Length, second.Operation, second.KeyHint, second.Status),
            Is.EqualTo(("DELETE", 200, (EmulatedOperation?)null, (string?)null, (int?)404)));
        Assert.That(Emulator.Requests.Last().KeyHint, Is.EqualTo("k…"), "of a short key not even four characters");
    }

    [Test]
    public async Task A_test_can_wait_for_a_message()
    {
        using var patience = new CancellationTokenSource(Until.Patience);

        var waiting = Chat.WaitForAsync(it => it.Sender == EmulatedSender.Partner, patience.Token);
        var failing = Chat.WaitForAsync(_ => throw new InvalidOperationException("mine"), patience.Token);
        Chat.Receive("Hello?");
        var early = waiting.IsCompleted;
        await PostAsync();

        var found = await waiting;
        Assert.That((early, found.Text), Is.EqualTo((false, "Hi")));
        Assert.That(await Chat.WaitForAsync(it => it.Text == "Hi"), Is.SameAs(found));
        Assert.That(() => failing, Throws.InvalidOperationException.With.Message.EqualTo("mine"));
        Assert.That(() => Chat.WaitForAsync(_ => false, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task The_scopes_of_a_key_can_be_replaced()
    {
        Emulator.AddKey("key");
        var before = await GetAsync();
        Emulator.AddKey("key", "all-methods:read-only");
        var after = await GetAsync();

        Assert.That((before.Status, after.Status), Is.EqualTo((403, 404)));
        Assert.That((Emulator.RevokeKey("unknown"), Emulator.RevokeKey("key")), Is.EqualTo((false, true)));
    }

    [Test]
    public void Invalid_arguments_are_rejected()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Emulator.AddBusiness(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Emulator.AddBusiness(1), Throws.ArgumentException.With.Message.Contains("FindBusiness"));
            Assert.That(() => Business.AddChat(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Business.AddChat(2), Throws.ArgumentException.With.Message.Contains("FindChat"));
            Assert.That(() => Chat.Receive(null), Throws.ArgumentException);
            Assert.That(() => Chat.Receive("", []), Throws.ArgumentException);
            Assert.That(() => Chat.Receive("x", [null!]), Throws.ArgumentException);
            Assert.That(() => Chat.AddMessage(null!, "x"), Throws.ArgumentNullException);
            Assert.That(() => Emulator.AddKey(""), Throws.ArgumentException);
            Assert.That(() => Emulator.AddKey("a key"), Throws.ArgumentException.With.Message.Not.Contains("a key"));
            Assert.That(() => Emulator.AddKey("key", " "), Throws.ArgumentException);
            Assert.That(() => Chat.AddMessage(" ", "x"), Throws.ArgumentException);
            foreach (var (name, url, size) in new[] { (null, "u", 1), ("n", "", 1), ("n", null, 1), ("n", new string('u', 2001), 1), ("n", "u", -1) })
            {
                Assert.That(() => Chat.Receive("x", new ChatAttachment(name!, url!, size)), Throws.ArgumentException);
            }

            Assert.That(() => Business.UseQuota(EmulatedOperation.GetChatMessage, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
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
        new TestCaseData(new ChatsEmulatorOptions { NotificationsAtOnce = 0 }).SetArgDisplayNames("NotificationsAtOnce"),
        new TestCaseData(new ChatsEmulatorOptions { NotificationTimeout = TimeSpan.Zero }).SetArgDisplayNames("NotificationTimeout"),
        new TestCaseData(new ChatsEmulatorOptions { NotificationTimeout = TimeSpan.FromDays(365) }).SetArgDisplayNames("NotificationTimeout, too long"),
        new TestCaseData(new ChatsEmulatorOptions { NotificationRetryPause = null! }).SetArgDisplayNames("NotificationRetryPause"),
    ];

    [TestCaseSource(nameof(_badOptions))]
    public void An_option_out_of_range_is_named(ChatsEmulatorOptions options)
    {
        var name = TestContext.CurrentContext.Test.Name.Split('(', ',', ')')[1];

        Assert.That(() => ChatsEmulator.StartAsync(options),
            Throws.ArgumentException.With.Message.StartsWith($"ChatsEmulatorOptions.{name} must "));
    }

    [Test]
    public void A_port_in_use_is_an_IOException() => Assert.That(
        () => ChatsEmulator.StartAsync(new ChatsEmulatorOptions { Port = Emulator.BaseAddress.Port }), Throws.InstanceOf<IOException>());

    [Test]
    public async Task Options_are_copied_and_disposing_twice_is_harmless()
    {
        var options = new ChatsEmulatorOptions();
        var emulator = await ChatsEmulator.StartAsync(options);
        options.HourlyQuota = null;

        Assert.That(emulator.AddBusiness(1).RemainingQuota(EmulatedOperation.GetChatMessage), Is.EqualTo(1000));
        await emulator.DisposeAsync();
        Assert.That(async () => await emulator.DisposeAsync(), Throws.Nothing);
    }
}
