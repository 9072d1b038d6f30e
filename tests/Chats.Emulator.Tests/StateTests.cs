namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Businesses, chats, messages, keys and options from inside the process.</summary>
public sealed class StateTests : EmulatorTests
{
    [Test]
    public async Task Messages_are_read_without_members_for_what_they_do_not_have_and_a_reply_is_sent()
    {
        Chat.Receive("Where is my parcel?", new ChatAttachment("photo.jpg", "https://example.org/photo.jpg", 123));
        Chat.Receive(null, new ChatAttachment("", "https://example.org/1", 0), new ChatAttachment("b", "u", int.MaxValue));
        Chat.AddMessage("COURIER", "Привет, \"мир\" 👋\n");

        var read = await GetAsync();
        var files = await GetAsync(Send + "&messageId=2");
        var text = await GetAsync(Send + "&messageId=3");
        var sent = await PostAsync();

        using var scope = Assert.EnterMultipleScope();
        Assert.That(Emulator.BaseAddress.AbsoluteUri, Does.Match(@"^http://127\.0\.0\.1:\d+/v2/$"));
        Assert.That(read.StatusLine, Is.EqualTo("HTTP/1.1 200 OK"));
        Assert.That(read.Body, Is.EqualTo("""
            {"status":"OK","result":{"messageId":1,"createdAt":"2025-11-21T13:20:30.4+03:00","sender":"CUSTOMER",
            "message":"Where is my parcel?",
            "payload":[{"name":"photo.jpg","url":"https://example.org/photo.jpg","size":123}]}}
            """.ReplaceLineEndings("")));
        Assert.That(files.Body, Is.EqualTo("""
            {"status":"OK","result":{"messageId":2,"createdAt":"2025-11-21T13:20:30.4+03:00","sender":"CUSTOMER",
            "payload":[{"name":"","url":"https://example.org/1","size":0},{"name":"b","url":"u","size":2147483647}]}}
            """.ReplaceLineEndings("")));
        Assert.That(text.Body, Is.EqualTo(
            """{"status":"OK","result":{"messageId":3,"createdAt":"2025-11-21T13:20:30.4+03:00","sender":"COURIER","message":"Привет, \"мир\" \uD83D\uDC4B\n"}}"""));
        Assert.That(sent.Body, Is.EqualTo(Sent));
        Assert.That((Chat.Messages[0].Sender, Chat.Messages[^1].Sender, Chat.Messages[^1].Text, Chat.Messages[^1].Id),
            Is.EqualTo((EmulatedSender.Customer, EmulatedSender.Partner, "Hi", 4)));
        Assert.That(Emulator.Requests.Skip(2).Select(it => (it.Operation, it.Status, it.DeliveredMessageId)),
            Is.EqualTo(new (EmulatedOperation?, int?, long?)[]
            {
                (EmulatedOperation.GetChatMessage, 200, null),
                (EmulatedOperation.SendMessageToChat, 200, 4),
            }));
    }

    [Test]
    public async Task A_response_has_the_text_trimmed_if_the_option_says_so([Values] bool trims)
    {
        await RestartAsync(options => options.TrimTexts = trims);
        await PostAsync(body: """{"message":"  Hi\n"}""");

        var text = (await GetAsync()).Json.GetProperty("result").GetProperty("message").GetString();

        Assert.That((Chat.Messages.Single().Text, text), Is.EqualTo(("  Hi\n", trims ? "Hi" : "  Hi\n")));
    }

    [Test]
    public async Task A_chat_drops_its_oldest_messages_and_the_record_its_oldest_calls()
    {
        await RestartAsync(options => (options.MaxMessagesPerChat, options.MaxRecordedRequests) = (2, 3));
        foreach (var text in new[] { "one", "two", "three" })
        {
            Chat.Receive(text);
        }

        for (var i = 1; i <= 4; i++)
        {
            await GetAsync($"/v2/{i}");
        }

        Assert.That((await GetAsync()).Status, Is.EqualTo(404));
        Assert.That(Chat.Messages.Select(it => it.Text), Is.EqualTo(new[] { "two", "three" }));
        Assert.That(Emulator.Requests.Select(it => (it.Number, it.Path)), Is.EqualTo(new[] { (3L, "/v2/3"), (4L, "/v2/4"), (5L, Read.Split('?')[0]) }));
        Assert.That(Emulator.Requests.Total, Is.EqualTo(5));
    }

    [Test]
    public async Task The_record_has_the_details_of_a_call()
    {
        Emulator.AddKey("communication-key", "communication");
        await GetAsync(Send + "&messageId=77", "communication-key");
        await SendAsync(Request("DELETE", "/" + new string('x', 500), key: null));
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
        using var timeout = new CancellationTokenSource(Until.Timeout);

        var waiting = Chat.WaitForAsync(it => it.Sender == EmulatedSender.Partner, timeout.Token);
        var failing = Chat.WaitForAsync(_ => throw new InvalidOperationException("mine"), timeout.Token);
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
        using var scope = Assert.EnterMultipleScope();
        Assert.That(() => Emulator.AddBusiness(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Emulator.AddBusiness(1), Throws.ArgumentException.With.Message.Contains("FindBusiness"));
        Assert.That(() => Business.AddChat(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Business.AddChat(2), Throws.ArgumentException.With.Message.Contains("FindChat"));
        Assert.That(() => Chat.Receive(null), Throws.ArgumentException);
        Assert.That(() => Chat.Receive("", []), Throws.ArgumentException);
        Assert.That(() => Chat.Receive("x", [null!]), Throws.ArgumentException);
        Assert.That(() => Chat.AddMessage(null!, "x"), Throws.ArgumentNullException);
        Assert.That(() => Chat.Receive("x", null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("attachments"));
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

    private static readonly (string Name, ChatsEmulatorOptions Options)[] _badOptions =
    [
        ("Port", new() { Port = 70_000 }),
        ("ParallelLimit", new() { ParallelLimit = 0 }),
        ("HourlyQuota", new() { HourlyQuota = 0 }),
        ("QuotaPeriod", new() { QuotaPeriod = TimeSpan.FromSeconds(0.9) }),
        ("QuotaPeriod", new() { QuotaPeriod = TimeSpan.FromHours(1.1) }),
        ("MaxRecordedRequests", new() { MaxRecordedRequests = 0 }),
        ("MaxMessagesPerChat", new() { MaxMessagesPerChat = 0 }),
        ("TimeProvider", new() { TimeProvider = null! }),
        ("MaxConcurrentNotifications", new() { MaxConcurrentNotifications = 0 }),
        ("NotificationTimeout", new() { NotificationTimeout = TimeSpan.Zero }),
        ("NotificationTimeout", new() { NotificationTimeout = TimeSpan.FromDays(365) }),
        ("NotificationRetryDelay", new() { NotificationRetryDelay = null! }),
    ];

    [TestCaseSource(nameof(_badOptions))]
    public void An_option_out_of_range_is_named((string Name, ChatsEmulatorOptions Options) bad) => Assert.That(
        () => ChatsEmulator.StartAsync(bad.Options), Throws.ArgumentException.With.Message.StartsWith($"ChatsEmulatorOptions.{bad.Name} must "));

    [Test]
    public void A_port_in_use_throws_an_IOException_and_a_host_of_another_machine_a_SocketException()
    {
        Assert.That(() => ChatsEmulator.StartAsync(new() { Port = Emulator.BaseAddress.Port }), Throws.InstanceOf<IOException>());
        Assert.That(() => ChatsEmulator.StartAsync(new() { Host = IPAddress.Parse("192.0.2.1") }), Throws.InstanceOf<SocketException>());
    }

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
