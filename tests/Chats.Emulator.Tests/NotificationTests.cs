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
    public async Task Notifications_are_sent_for_messages_chats_and_disputes_but_not_for_stickers_or_rejected_sends()
    {
        Chat.Receive("Hello?");
        Chat.ReceiveSticker(new ChatAttachment("sticker.png", "https://example.org/sticker.png", 1));
        await PostAsync();
        await PostAsync(body: """{"message":""}""");
        var chat = Business.AddChat(3);
        chat.StartArbitrage();
        chat.FinishArbitrage();
        await UntilNothingIsPendingAsync();

        Assert.That(_receiver.Requests,
            Has.All.StartsWith("POST /market/notification HTTP/1.1\r\n").And.All.Contain("\r\nContent-Type: application/json\r\n"));
        Assert.That(_receiver.Bodies, Is.EquivalentTo(new[]
        {
            FirstMessage,
            FirstMessage.Replace("\"1\"", "\"3\"", StringComparison.Ordinal),
            """{"notificationType":"CHAT_CREATED","businessId":1,"chatId":3,"createdAt":"2025-11-21T10:20:30.4Z"}""",
            """{"notificationType":"CHAT_ARBITRAGE_STARTED","businessId":1,"chatId":3,"startedAt":"2025-11-21T10:20:30.4Z"}""",
            """{"notificationType":"CHAT_ARBITRAGE_FINISHED","businessId":1,"chatId":3,"finishedAt":"2025-11-21T10:20:30.4Z"}""",
        }));
        Assert.That(Emulator.Notifications.Attempts.Select(it => (it.Type, it.Chat!.Id, it.Message?.Id)), Is.EquivalentTo(new (string, long, long?)[]
        {
            ("CHAT_MESSAGE_SENT", 2, 1), ("CHAT_MESSAGE_SENT", 2, 3), ("CHAT_CREATED", 3, null), ("CHAT_ARBITRAGE_STARTED", 3, null),
            ("CHAT_ARBITRAGE_FINISHED", 3, null),
        }));
        Assert.That(Emulator.Notifications.Attempts.Select(it => (it.Attempt, it.IsAccepted, it.Status, it.Problem)),
            Is.All.EqualTo((1, true, (int?)200, (string?)null)));
    }

    private static IEnumerable<TestCaseData> Responses()
    {
        static TestCaseData Case(string? problem, string body, string status = "200 OK", string type = "application/json") =>
            new TestCaseData(problem, body, status, type).SetArgDisplayNames(status, body.Length > 120 ? $"{body.Length} characters" : body, type);
        static string Body(string version = "1", int nameLength = 4, string time = "2025-01-16T10:09:49Z") =>
            $$"""{"version":"{{version}}","name":"{{new string('x', nameLength)}}","time":"{{time}}"}""";

        yield return Case(null, LoopbackReceiver.Good);
        yield return Case("HTTP", LoopbackReceiver.Good, "500 Oops");
        yield return Case("HTTP", new string('x', 1_000_000), "500 Oops", "text/html");
        yield return Case("HTTP", new string('x', 1_000_000), "400 Bad Request", "text/html");
        yield return Case("HTTP", "", "204 No Content");
        yield return Case("HTTP", "", "302 Found\r\nLocation: /elsewhere");
        yield return Case("UNSUPPORTED_MEDIA_TYPE", LoopbackReceiver.Good, type: "text/html");
        yield return Case("CANT_PARSE_RESPONSE", "");
        yield return Case("CANT_PARSE_RESPONSE", "ok");
        yield return Case("CANT_PARSE_RESPONSE", Body(version: "\\ud800"));
        yield return Case("INVALID_DATA", "[]");
        yield return Case("INVALID_DATA", """{"version":"1","name":"shop"}""");
        yield return Case("INVALID_DATA", """{"version":1,"name":"shop","time":"2025-01-16T10:09:49Z"}""");

        // The contract: version and name have 1 to 100 characters, and time is an ISO 8601 date and time with its offset.
        yield return Case(null, Body(nameLength: 1));
        yield return Case(null, Body(nameLength: 100));
        yield return Case("INVALID_DATA", Body(nameLength: 0));
        yield return Case("INVALID_DATA", Body(nameLength: 101));
        yield return Case("INVALID_DATA", Body(version: ""));
        yield return Case(null, Body(time: "2025-01-16T10:09:49.123456789+03:00"));
        foreach (var time in new[]
        {
            "", "now", "2025-01-16", "2025-01-16T10:09:49", "2025-01-16 10:09:49Z", "2025-02-30T10:09:49Z", "2025-01-16T10:09:49Z\\n",
        })
        {
            yield return Case("INVALID_DATA", Body(time: time));
        }
    }

    [TestCaseSource(nameof(Responses))]
    public async Task A_PING_is_sent_once_and_its_response_is_checked(string? problem, string body, string status, string type)
    {
        _receiver.Response = RawServer.Json(body, status, type: type);

        var attempt = await Emulator.Notifications.PingAsync();

        Assert.That((attempt.Type, attempt.Status, attempt.Problem, attempt.IsAccepted), Is.EqualTo(("PING", (int?)int.Parse(status[..3], null), problem, problem is null)));
        Assert.That(attempt.Response, Is.EqualTo(body.Length > 1000 ? body[..1000] : body));
        Assert.That(_receiver.Bodies.Single(), Is.EqualTo("""{"notificationType":"PING","time":"2025-11-21T10:20:30.4Z"}"""));
        Assert.That((Emulator.Notifications.Pending, Clock.NextDue), Is.EqualTo((0, (DateTimeOffset?)null)));
    }

    [TestCase("500 Oops", 2)]
    [TestCase("200 OK", 2)]
    [TestCase("400 Bad Request", 1)]
    [TestCase("400 Bad Request\r\nTransfer-Encoding: chunked", 1, TestName = "A 400 is not sent again even if its body breaks off")]
    public async Task After_any_wrong_response_except_a_400_the_notification_is_sent_again_after_a_minute(string status, int attempts)
    {
        _receiver.Response = RawServer.Json("{}", status);
        var start = Clock.GetUtcNow();

        Chat.Receive("Hello?");
        await Until.TrueAsync(() => Clock.NextDue == start.AddMinutes(1) || Emulator.Notifications.Pending == 0);
        _receiver.Response = RawServer.Json(LoopbackReceiver.Good);
        Clock.Advance(attempts == 2 ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(15));
        await UntilNothingIsPendingAsync();

        Assert.That(_receiver.Bodies, Is.EqualTo(Enumerable.Repeat(FirstMessage, attempts)));
        Assert.That(Emulator.Notifications.Attempts.Select(it => (it.Attempt, it.IsAccepted)), Is.EqualTo(new[] { (1, false), (2, true) }.Take(attempts)));
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
        Assert.That(Emulator.Notifications.Attempts.Select(it => (it.Type, it.IsAccepted, it.Status, it.Problem, it.Duration, it.Response)),
            Is.EqualTo(new[] { ("PING", 1), ("CHAT_MESSAGE_SENT", 10) }.Select(it =>
                (it.Item1, false, (int?)null, "READ_TIMED_OUT", TimeSpan.FromSeconds(it.Item2), (string?)null))));
    }

    [TestCase(0, 1)]
    [TestCase(59.9, 1)]
    [TestCase(60, 15)]
    [TestCase((24 * 60) - 0.1, 15)]
    [TestCase(24 * 60, 60)]
    [TestCase((14 * 24 * 60) - 0.1, 60)]
    [TestCase(14 * 24 * 60, null)]
    public void A_failing_receiver_is_retried_for_fourteen_days(double minutesSinceFirst, double? pause) => Assert.That(
        new ChatsEmulatorOptions().NotificationRetryDelay(TimeSpan.FromMinutes(minutesSinceFirst))?.TotalMinutes, Is.EqualTo(pause));

    [Test]
    public async Task The_retry_delays_can_be_set()
    {
        using var closed = new ClosedPort();
        await RestartAsync(options => options.NotificationRetryDelay =
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

        Assert.That(_receiver.Bodies, Is.EqualTo(Enumerable.Repeat(FirstMessage, 4)));
    }

    [TestCase(3)]
    [TestCase(64)]
    public async Task At_most_MaxConcurrentNotifications_are_sent_at_once(int atOnce)
    {
        await RestartAsync(options => options.MaxConcurrentNotifications = atOnce);
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
        Emulator.Notifications.Resend(Chat.Receive("Hello?"));

        using var scope = Assert.EnterMultipleScope();
        Assert.That((Emulator.Notifications.Pending, Emulator.Notifications.Attempts.Count), Is.EqualTo((0, 0)));
        Assert.That(() => Emulator.Notifications.PingAsync(), Throws.InvalidOperationException);
        Assert.That(() => Emulator.Notifications.Url = new Uri("file:///x"), Throws.ArgumentException);
        Assert.That(() => Emulator.Notifications.Url = new Uri("/x", UriKind.Relative), Throws.ArgumentException);
    }

    [Test]
    public async Task The_number_of_pending_notifications_is_limited_what_is_dropped_is_counted_and_a_PING_after_the_end_is_canceled()
    {
        using var away = new ClosedPort();
        Emulator.Notifications.Url = away.Address;
        Emulator.Notifications.Copies = 10_003;
        Chat.Receive("Hello?");

        var (pending, dropped) = (Emulator.Notifications.Pending, Emulator.Notifications.Dropped);
        await Emulator.DisposeAsync();

        Assert.That((pending, dropped), Is.EqualTo((10_000, 3)));
        Assert.That(() => Emulator.Notifications.PingAsync(), Throws.InstanceOf<OperationCanceledException>());
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

        await Emulator.DisposeAsync().AsTask().WaitAsync(Until.Timeout);
        Chat.Receive("Three");
        Clock.Advance(TimeSpan.FromDays(1));

        Assert.That((Emulator.Notifications.Pending, _receiver.Requests.Length, Clock.NextDue), Is.EqualTo((0, 2, (DateTimeOffset?)null)));
    }

    private Task UntilNothingIsPendingAsync() => Until.TrueAsync(() => Emulator.Notifications.Pending == 0);
}
