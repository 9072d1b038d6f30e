namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Notifications as the receiver's socket sees them.</summary>
public sealed class NotificationTests : EmulatorTests
{
    private const string FirstMessage =
        """{"notificationType":"CHAT_MESSAGE_SENT","businessId":1,"chatId":2,"messageId":"1","sentAt":"2025-11-21T10:20:30.4Z"}""";

    private readonly LoopbackReceiver _receiver = new();

    [SetUp]
    public void SetUrl() => Emulator.Notifications.Url = _receiver.Url;

    [TearDown]
    public async Task StopReceiverAsync()
    {
        await Emulator.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Test]
    public async Task Every_message_is_notified_also_the_shops_own()
    {
        Chat.Receive("Hello?");
        await PostAsync();
        await UntilNothingIsPendingAsync();

        Assert.That(_receiver.Requests,
            Has.All.StartsWith("POST /market/notification HTTP/1.1\r\n").And.All.Contain("\r\nContent-Type: application/json\r\n"));
        Assert.That(_receiver.Bodies, Is.EquivalentTo(new[] { FirstMessage, FirstMessage.Replace("\"1\"", "\"2\"", StringComparison.Ordinal) }));
        Assert.That(
            Emulator.Notifications.Attempts.Select(it => (it.Type, it.Message!.Id, it.Attempt, it.Outcome, it.Status, it.Problem)).Order(),
            Is.EqualTo(new[] { 1L, 2L }.Select(id => ("CHAT_MESSAGE_SENT", id, 1, NotificationOutcome.Accepted, (int?)200, (string?)null))));
    }

    [Test]
    public async Task A_rejected_send_and_a_sticker_are_not_notified()
    {
        await PostAsync(body: """{"message":""}""");
        var sticker = Chat.ReceiveSticker(new ChatAttachment("sticker.png", "https://example.org/sticker.png", 1));
        var message = Chat.Receive("Hello?");
        await UntilNothingIsPendingAsync();

        Assert.That(Chat.Messages, Is.EqualTo(new[] { sticker, message }));
        Assert.That(Emulator.Notifications.Attempts.Single().Message, Is.SameAs(message));
    }

    [Test]
    public async Task Chats_and_their_disputes_are_notified()
    {
        var chat = Business.AddChat(3);
        chat.StartArbitrage();
        chat.FinishArbitrage();
        await UntilNothingIsPendingAsync();

        Assert.That(_receiver.Bodies, Is.EquivalentTo(new[]
        {
            """{"notificationType":"CHAT_CREATED","businessId":1,"chatId":3,"createdAt":"2025-11-21T10:20:30.4Z"}""",
            """{"notificationType":"CHAT_ARBITRAGE_STARTED","businessId":1,"chatId":3,"startedAt":"2025-11-21T10:20:30.4Z"}""",
            """{"notificationType":"CHAT_ARBITRAGE_FINISHED","businessId":1,"chatId":3,"finishedAt":"2025-11-21T10:20:30.4Z"}""",
        }));
        Assert.That(Emulator.Notifications.Attempts.Select(it => (it.Chat, it.Message)), Is.All.EqualTo((chat, (EmulatedMessage?)null)));
    }

    [TestCase("500 Oops", LoopbackReceiver.Good, "application/json", 500, "HTTP")]
    [TestCase("204 No Content", "", "application/json", 204, "HTTP")]
    [TestCase("302 Found\r\nLocation: /elsewhere", "", "application/json", 302, "HTTP")]
    [TestCase("200 OK", LoopbackReceiver.Good, "text/html", 200, "UNSUPPORTED_MEDIA_TYPE")]
    [TestCase("200 OK", "", "application/json", 200, "CANT_PARSE_RESPONSE")]
    [TestCase("200 OK", "ok", "application/json", 200, "CANT_PARSE_RESPONSE")]
    [TestCase("200 OK", "[]", "application/json", 200, "INVALID_DATA")]
    [TestCase("200 OK", """{"version":"1","name":"shop"}""", "application/json", 200, "INVALID_DATA")]
    [TestCase("200 OK", """{"version":1,"name":"shop","time":"2025-01-16T10:09:49Z"}""", "application/json", 200, "INVALID_DATA")]
    public async Task After_a_wrong_response_the_notification_is_sent_again_after_a_minute(
        string status, string body, string type, int code, string problem)
    {
        _receiver.Response = RawServer.Json(body, status, type: type);
        var start = Clock.GetUtcNow();

        Chat.Receive("Hello?");
        await Until.TrueAsync(() => Clock.NextDue == start.AddMinutes(1));
        var first = Emulator.Notifications.Attempts.Single();
        _receiver.Response = RawServer.Json(LoopbackReceiver.Good);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await UntilNothingIsPendingAsync();

        Assert.That((first.Outcome, first.Status, first.Problem), Is.EqualTo((NotificationOutcome.Failed, (int?)code, problem)));
        Assert.That(_receiver.Bodies, Is.EqualTo(new[] { FirstMessage, FirstMessage }));
        Assert.That(Emulator.Notifications.Attempts[1],
            Has.Property("Outcome").EqualTo(NotificationOutcome.Accepted).And.Property("Attempt").EqualTo(2));
    }

    // The contract: version and name have 1 to 100 characters, and time is a date-time of RFC 3339.
    [TestCase("1", 1, "2025-01-16T10:09:49Z", null)]
    [TestCase("1", 100, "2025-01-16T10:09:49.123456789+03:00", null)]
    [TestCase("1", 100, "2025-01-16t10:09:49z", null)]
    [TestCase("1", 0, "2025-01-16T10:09:49Z", "INVALID_DATA")]
    [TestCase("1", 101, "2025-01-16T10:09:49Z", "INVALID_DATA")]
    [TestCase("", 4, "2025-01-16T10:09:49Z", "INVALID_DATA")]
    [TestCase("1", 4, "", "INVALID_DATA")]
    [TestCase("1", 4, "now", "INVALID_DATA")]
    [TestCase("1", 4, "2025-01-16", "INVALID_DATA")]
    [TestCase("1", 4, "2025-01-16T10:09Z", "INVALID_DATA")]
    [TestCase("1", 4, "2025-01-16T10:09:49", "INVALID_DATA")]
    [TestCase("1", 4, "2025-01-16 10:09:49Z", "INVALID_DATA")]
    [TestCase("1", 4, "2025-02-30T10:09:49Z", "INVALID_DATA")]
    [TestCase("1", 4, "2025-01-16T10:09:49Z\\n", "INVALID_DATA")]
    [TestCase("\\ud800", 4, "2025-01-16T10:09:49Z", "CANT_PARSE_RESPONSE")]
    public async Task The_members_of_a_response_are_checked(string version, int nameLength, string time, string? problem)
    {
        _receiver.Response = RawServer.Json($$"""{"version":"{{version}}","name":"{{new string('x', nameLength)}}","time":"{{time}}"}""");

        var attempt = await Emulator.Notifications.PingAsync();

        Assert.That((attempt.Outcome, attempt.Problem),
            Is.EqualTo((problem is null ? NotificationOutcome.Accepted : NotificationOutcome.Failed, problem)));
    }

    [Test]
    public async Task After_a_400_the_notification_is_not_sent_again()
    {
        _receiver.Response = RawServer.Json("{}", "400 Bad Request");

        Chat.Receive("Hello?");
        await UntilNothingIsPendingAsync();
        Clock.Advance(TimeSpan.FromDays(15));

        Assert.That(Emulator.Notifications.Attempts.Single().Outcome, Is.EqualTo(NotificationOutcome.Rejected));
        Assert.That(_receiver.Requests, Has.Length.EqualTo(1));
    }

    [TestCase("500 Oops", 500, NotificationOutcome.Failed)]
    [TestCase("400 Bad Request", 400, NotificationOutcome.Rejected)]
    public async Task The_status_counts_however_large_the_body_is(string status, int code, NotificationOutcome outcome)
    {
        _receiver.Response = RawServer.Json(new string('x', 1_000_000), status, type: "text/html");

        var attempt = await Emulator.Notifications.PingAsync();

        Assert.That((attempt.Outcome, attempt.Status, attempt.Problem, attempt.Response),
            Is.EqualTo((outcome, (int?)code, "HTTP", new string('x', 1000))));
    }

    [Test]
    public async Task A_receiver_has_ten_seconds_and_a_second_for_a_PING()
    {
        _receiver.Response = null;

        Chat.Receive("Hello?");
        _ = Emulator.Notifications.PingAsync();
        await Until.TrueAsync(() => _receiver.Requests.Length == 2);
        var counts = new List<int>();
        foreach (var milliseconds in new[] { 999, 1, 8999, 1 })
        {
            Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            await Until.TrueAsync(() => Emulator.Notifications.Attempts.Count >= (counts.Count + 1) / 2);
            counts.Add(Emulator.Notifications.Attempts.Count);
        }

        Assert.That(counts, Is.EqualTo(new[] { 0, 1, 1, 2 }));
        Assert.That(Emulator.Notifications.Attempts.Select(it => (it.Type, it.Outcome, it.Status, it.Problem, it.Duration, it.Response)),
            Is.EqualTo(new[] { ("PING", 1), ("CHAT_MESSAGE_SENT", 10) }.Select(it =>
                (it.Item1, NotificationOutcome.Failed, (int?)null, "READ_TIMED_OUT", TimeSpan.FromSeconds(it.Item2), (string?)null))));
    }

    [Test]
    public async Task A_receiver_that_fails_is_tried_for_fourteen_days()
    {
        _receiver.Response = RawServer.Json("", "503 Busy");
        var start = Clock.GetUtcNow();

        Chat.Receive("Hello?");
        var pauses = new List<TimeSpan>();
        while (true)
        {
            var attempts = pauses.Count + 1;
            await Until.TrueAsync(() => Emulator.Notifications.Attempts.Count == attempts
                && (Emulator.Notifications.Pending == 0 || Clock.NextDue > Clock.GetUtcNow().AddSeconds(10)));
            if (Emulator.Notifications.Pending == 0)
            {
                break;
            }

            pauses.Add(Clock.NextDue!.Value - Clock.GetUtcNow());
            Clock.Advance(pauses[^1]);
        }

        var runs = pauses.GroupBy(pause => pause).Select(run => (run.Key.TotalMinutes, run.Count()));
        Assert.That(runs, Is.EqualTo(new[] { (1.0, 60), (15.0, 23 * 4), (60.0, 13 * 24) }));
        Assert.That(Clock.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromDays(14)));
    }

    [Test]
    public async Task The_pauses_can_be_chosen()
    {
        using var closed = new ClosedPort();
        await RestartAsync(options => options.NotificationRetryPause =
            sinceFirst => sinceFirst < TimeSpan.FromSeconds(50) ? TimeSpan.FromSeconds(25) : null);
        Emulator.Notifications.Url = new Uri(closed.Address, "/");
        var start = Clock.GetUtcNow();

        Chat.Receive("Hello?");
        await Until.TrueAsync(() => Clock.NextDue == start.AddSeconds(25));
        Clock.Advance(TimeSpan.FromSeconds(25));
        await Until.TrueAsync(() => Clock.NextDue == start.AddSeconds(50));
        Clock.Advance(TimeSpan.FromSeconds(25));
        await UntilNothingIsPendingAsync();

        Assert.That(Emulator.Notifications.Attempts.Select(it => (it.Attempt, it.Problem)),
            Is.EqualTo(new[] { (1, "CANT_CONNECT"), (2, "CANT_CONNECT"), (3, "CANT_CONNECT") }));
    }

    [Test]
    public async Task Duplicates_are_sent_on_demand()
    {
        Emulator.Notifications.Copies = 2;

        Emulator.Notifications.Resend(Chat.Receive("Hello?"));
        await UntilNothingIsPendingAsync();

        Assert.That(_receiver.Bodies, Is.EqualTo(new[] { FirstMessage, FirstMessage, FirstMessage }));
    }

    [Test]
    public async Task A_PING_is_sent_once_and_its_attempt_has_the_response()
    {
        var good = await Emulator.Notifications.PingAsync();
        _receiver.Response = RawServer.Json(new string('x', 2000), "500 Oops");
        var bad = await Emulator.Notifications.PingAsync();

        Assert.That((good.Type, good.Outcome, bad.Outcome, Emulator.Notifications.Pending),
            Is.EqualTo(("PING", NotificationOutcome.Accepted, NotificationOutcome.Failed, 0)));
        Assert.That((good.Response, bad.Response), Is.EqualTo((LoopbackReceiver.Good, new string('x', 1000))));
        Assert.That(_receiver.Bodies[0], Is.EqualTo("""{"notificationType":"PING","time":"2025-11-21T10:20:30.4Z"}"""));
    }

    [TestCase(3)]
    [TestCase(64)]
    public async Task As_many_as_the_option_says_are_sent_at_once(int atOnce)
    {
        await RestartAsync(options => options.NotificationsAtOnce = atOnce);
        SetUrl();
        _receiver.Response = null;

        for (var id = 11; id <= 80; id++)
        {
            Business.AddChat(id);
        }

        await Until.TrueAsync(() => _receiver.Requests.Length == atOnce);
        Assert.That(Emulator.Notifications.Pending, Is.EqualTo(70));
        Clock.Advance(TimeSpan.FromSeconds(10));
        await Until.TrueAsync(() => _receiver.Requests.Length == Math.Min(70, 2 * atOnce));
    }

    [Test]
    public void Without_a_URL_nothing_is_sent()
    {
        Emulator.Notifications.Url = null;
        var message = Chat.Receive("Hello?");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((Emulator.Notifications.Pending, Emulator.Notifications.Attempts.Count), Is.EqualTo((0, 0)));
            Assert.That(() => Emulator.Notifications.PingAsync(), Throws.InvalidOperationException);
            Assert.That(() => Emulator.Notifications.Resend(message), Throws.InvalidOperationException);
            Assert.That(() => Emulator.Notifications.Url = new Uri("file:///x"), Throws.ArgumentException);
            Assert.That(() => Emulator.Notifications.Url = new Uri("/x", UriKind.Relative), Throws.ArgumentException);
            Assert.That(() => Emulator.Notifications.Copies = 0, Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }

    [Test]
    public async Task Stopping_ends_retries_and_requests()
    {
        var start = Clock.GetUtcNow();
        _receiver.Response = RawServer.Json("", "500 Oops");
        Chat.Receive("One");
        await Until.TrueAsync(() => Clock.NextDue == start.AddMinutes(1));
        _receiver.Response = null;
        Chat.Receive("Two");
        await Until.TrueAsync(() => _receiver.Requests.Length == 2);

        await Emulator.DisposeAsync().AsTask().WaitAsync(Until.Patience);
        Chat.Receive("Three");
        Clock.Advance(TimeSpan.FromDays(1));

        Assert.That((Emulator.Notifications.Pending, _receiver.Requests.Length, Clock.NextDue), Is.EqualTo((0, 2, (DateTimeOffset?)null)));
    }

    private Task UntilNothingIsPendingAsync() => Until.TrueAsync(() => Emulator.Notifications.Pending == 0);
}
