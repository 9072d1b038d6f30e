namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Notifications as the receiver's socket sees them; the pauses are on a clock that the test moves.</summary>
public sealed class NotificationTests
{
    private const string FirstMessage =
        """{"notificationType":"CHAT_MESSAGE_SENT","businessId":1,"chatId":2,"messageId":"1","sentAt":"2025-11-21T10:20:30.4Z"}""";

    private readonly ManualClock _clock = new();

    [Test]
    public async Task A_message_is_told_with_its_number_as_a_string()
    {
        await using var receiver = new LoopbackReceiver();
        await using var emulator = await StartAsync(receiver.Url);

        emulator.FindBusiness(1)!.FindChat(2)!.Receive("Hello?");
        await Until.TrueAsync(() => emulator.Notifications.Pending == 0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(receiver.Requests.Single(),
                Does.StartWith("POST /market/notification HTTP/1.1\r\n").And.Contain("\r\nContent-Type: application/json\r\n"));
            Assert.That(receiver.Bodies, Is.EqualTo(new[] { FirstMessage }));
            Assert.That(
                emulator.Notifications.Attempts.Select(it => (it.Type, it.Message?.Id, it.Attempt, it.Outcome, it.Status, it.Problem)),
                Is.EqualTo(new[] { ("CHAT_MESSAGE_SENT", (long?)1, 1, NotificationOutcome.Accepted, (int?)200, (string?)null) }));
        }
    }

    [Test]
    public async Task The_shops_own_message_is_told_too()
    {
        await using var receiver = new LoopbackReceiver();
        await using var emulator = await StartAsync(receiver.Url);

        await Wire.PostAsync(emulator, "/v2/businesses/1/chats/message?chatId=2", """{"message":"Hi"}""");
        await Until.TrueAsync(() => receiver.Requests.Length == 1);

        Assert.That(receiver.Bodies, Is.EqualTo(new[] { FirstMessage }));
    }

    [Test]
    public async Task A_refused_send_is_not_told()
    {
        await using var receiver = new LoopbackReceiver();
        await using var emulator = await StartAsync(receiver.Url);

        await Wire.PostAsync(emulator, "/v2/businesses/1/chats/message?chatId=2", """{"message":""}""");
        var message = emulator.FindBusiness(1)!.FindChat(2)!.Receive("Hello?");
        await Until.TrueAsync(() => emulator.Notifications.Attempts.Count == 1 && emulator.Notifications.Pending == 0);

        Assert.That(emulator.Notifications.Attempts.Single().Message, Is.SameAs(message));
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
    public async Task A_wrong_answer_brings_the_notification_again_after_a_minute(
        string status, string body, string type, int code, string problem)
    {
        await using var receiver = new LoopbackReceiver { Answer = () => LoopbackReceiver.Http(status, body, type) };
        await using var emulator = await StartAsync(receiver.Url);
        var start = _clock.GetUtcNow();

        emulator.FindBusiness(1)!.FindChat(2)!.Receive("Hello?");
        await Until.TrueAsync(() => _clock.NextDue == start.AddMinutes(1));
        var first = emulator.Notifications.Attempts.Single();
        receiver.Answer = () => LoopbackReceiver.Ok(LoopbackReceiver.Good);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Until.TrueAsync(() => emulator.Notifications.Pending == 0);

        Assert.That((first.Outcome, first.Status, first.Problem), Is.EqualTo((NotificationOutcome.Failed, (int?)code, problem)));
        Assert.That(receiver.Bodies, Is.EqualTo(new[] { FirstMessage, FirstMessage }));
        Assert.That(emulator.Notifications.Attempts[1],
            Has.Property("Outcome").EqualTo(NotificationOutcome.Accepted).And.Property("Attempt").EqualTo(2));
    }

    [Test]
    public async Task A_400_is_not_sent_again()
    {
        await using var receiver = new LoopbackReceiver { Answer = () => LoopbackReceiver.Http("400 Bad Request", "{}") };
        await using var emulator = await StartAsync(receiver.Url);

        emulator.FindBusiness(1)!.FindChat(2)!.Receive("Hello?");
        await Until.TrueAsync(() => emulator.Notifications.Attempts.Count == 1 && emulator.Notifications.Pending == 0);
        _clock.Advance(TimeSpan.FromDays(15));

        Assert.That(emulator.Notifications.Attempts.Single().Outcome, Is.EqualTo(NotificationOutcome.Rejected));
        Assert.That(receiver.Requests, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_receiver_has_ten_seconds()
    {
        await using var receiver = new LoopbackReceiver { Answer = () => null };
        await using var emulator = await StartAsync(receiver.Url);

        emulator.FindBusiness(1)!.FindChat(2)!.Receive("Hello?");
        await Until.TrueAsync(() => receiver.Requests.Length == 1);
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        var before = emulator.Notifications.Attempts.Count;
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await Until.TrueAsync(() => emulator.Notifications.Attempts.Count == 1);

        var attempt = emulator.Notifications.Attempts.Single();
        Assert.That((before, attempt.Outcome, attempt.Status, attempt.Problem),
            Is.EqualTo((0, NotificationOutcome.Failed, (int?)null, "READ_TIMED_OUT")));
    }

    [Test]
    public async Task A_receiver_that_is_not_there_is_tried_for_fourteen_days()
    {
        await using var receiver = new LoopbackReceiver { Answer = () => LoopbackReceiver.Http("503 Busy", "") };
        await using var emulator = await StartAsync(receiver.Url);
        var start = _clock.GetUtcNow();

        emulator.FindBusiness(1)!.FindChat(2)!.Receive("Hello?");
        var pauses = new List<TimeSpan>();
        while (true)
        {
            var attempts = pauses.Count + 1;
            await Until.TrueAsync(() => emulator.Notifications.Attempts.Count == attempts
                && (emulator.Notifications.Pending == 0 || _clock.NextDue > _clock.GetUtcNow().AddSeconds(10)));
            if (emulator.Notifications.Pending == 0)
            {
                break;
            }

            pauses.Add(_clock.NextDue!.Value - _clock.GetUtcNow());
            _clock.Advance(pauses[^1]);
        }

        var runs = pauses.GroupBy(pause => pause).Select(run => (run.Key.TotalMinutes, run.Count()));
        Assert.That(runs, Is.EqualTo(new[] { (1.0, 60), (15.0, 23 * 4), (60.0, 13 * 24) }));
        Assert.That(_clock.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromDays(14)));
    }

    [Test]
    public async Task The_pauses_can_be_chosen()
    {
        using var nobody = new ClosedPort();
        await using var emulator = await StartAsync(new Uri(nobody.Address, "/"), options =>
            options.NotificationRetryPause = sinceFirst => sinceFirst < TimeSpan.FromSeconds(50) ? TimeSpan.FromSeconds(25) : null);
        var start = _clock.GetUtcNow();

        emulator.FindBusiness(1)!.FindChat(2)!.Receive("Hello?");
        await Until.TrueAsync(() => _clock.NextDue == start.AddSeconds(25));
        _clock.Advance(TimeSpan.FromSeconds(25));
        await Until.TrueAsync(() => _clock.NextDue == start.AddSeconds(50));
        _clock.Advance(TimeSpan.FromSeconds(25));
        await Until.TrueAsync(() => emulator.Notifications.Pending == 0);

        Assert.That(emulator.Notifications.Attempts.Select(it => (it.Attempt, it.Problem)),
            Is.EqualTo(new[] { (1, "CANT_CONNECT"), (2, "CANT_CONNECT"), (3, "CANT_CONNECT") }));
    }

    [Test]
    public async Task Duplicates_come_on_demand()
    {
        await using var receiver = new LoopbackReceiver();
        await using var emulator = await StartAsync(receiver.Url);
        emulator.Notifications.Copies = 2;

        var message = emulator.FindBusiness(1)!.FindChat(2)!.Receive("Hello?");
        emulator.Notifications.Resend(message);
        await Until.TrueAsync(() => emulator.Notifications.Pending == 0);

        Assert.That(receiver.Bodies, Is.EqualTo(new[] { FirstMessage, FirstMessage, FirstMessage }));
    }

    [Test]
    public async Task A_ping_asks_once()
    {
        await using var receiver = new LoopbackReceiver();
        await using var emulator = await StartAsync(receiver.Url);

        var good = await emulator.Notifications.PingAsync();
        receiver.Answer = () => LoopbackReceiver.Http("500 Oops", "");
        var bad = await emulator.Notifications.PingAsync();

        Assert.That((good.Type, good.Outcome, bad.Outcome, emulator.Notifications.Pending),
            Is.EqualTo(("PING", NotificationOutcome.Accepted, NotificationOutcome.Failed, 0)));
        Assert.That(receiver.Bodies[0], Is.EqualTo("""{"notificationType":"PING","time":"2025-11-21T10:20:30.4Z"}"""));
    }

    [Test]
    public async Task Nothing_is_sent_to_nobody()
    {
        await using var emulator = await StartAsync(null);
        var message = emulator.FindBusiness(1)!.FindChat(2)!.Receive("Hello?");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((emulator.Notifications.Pending, emulator.Notifications.Attempts.Count), Is.EqualTo((0, 0)));
            Assert.That(() => emulator.Notifications.PingAsync(), Throws.InvalidOperationException);
            Assert.That(() => emulator.Notifications.Resend(message), Throws.InvalidOperationException);
            Assert.That(() => emulator.Notifications.Url = new Uri("file:///x"), Throws.ArgumentException);
            Assert.That(() => emulator.Notifications.Url = new Uri("/x", UriKind.Relative), Throws.ArgumentException);
            Assert.That(() => emulator.Notifications.Copies = 0, Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }

    [Test]
    public async Task Stopping_ends_what_waits_and_what_hangs()
    {
        await using var receiver = new LoopbackReceiver();
        var emulator = await StartAsync(receiver.Url);
        var start = _clock.GetUtcNow();
        receiver.Answer = () => LoopbackReceiver.Http("500 Oops", "");
        emulator.FindBusiness(1)!.FindChat(2)!.Receive("One");
        await Until.TrueAsync(() => _clock.NextDue == start.AddMinutes(1));
        receiver.Answer = () => null;
        emulator.FindBusiness(1)!.FindChat(2)!.Receive("Two");
        await Until.TrueAsync(() => receiver.Requests.Length == 2);

        await emulator.DisposeAsync().AsTask().WaitAsync(Until.Patience);
        emulator.FindBusiness(1)!.FindChat(2)!.Receive("Three");
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.That((emulator.Notifications.Pending, receiver.Requests.Length, _clock.NextDue), Is.EqualTo((0, 2, (DateTimeOffset?)null)));
    }

    private async Task<ChatsEmulator> StartAsync(Uri? url, Action<ChatsEmulatorOptions>? configure = null)
    {
        var options = new ChatsEmulatorOptions { TimeProvider = _clock };
        configure?.Invoke(options);
        var emulator = await ChatsEmulator.StartAsync(options);
        emulator.AddKey("key", "communication");
        emulator.AddBusiness(1).AddChat(2);
        emulator.Notifications.Url = url;
        return emulator;
    }
}
