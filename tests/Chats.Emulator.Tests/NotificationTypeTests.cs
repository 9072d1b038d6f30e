namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>The types of notifications, and what a receiver is given for them.</summary>
public sealed class NotificationTypeTests
{
    private readonly ManualClock _clock = new();

    [Test]
    public async Task Chats_and_their_disputes_are_notified()
    {
        await using var receiver = new LoopbackReceiver();
        await using var emulator = await StartAsync(receiver.Url, options => options.NotificationsAtOnce = 1);

        var chat = emulator.AddBusiness(1).AddChat(2);
        chat.StartArbitrage();
        chat.FinishArbitrage();
        await Until.TrueAsync(() => emulator.Notifications.Pending == 0);

        Assert.That(receiver.Bodies, Is.EquivalentTo(new[]
        {
            """{"notificationType":"CHAT_CREATED","businessId":1,"chatId":2,"createdAt":"2025-11-21T10:20:30.4Z"}""",
            """{"notificationType":"CHAT_ARBITRAGE_STARTED","businessId":1,"chatId":2,"startedAt":"2025-11-21T10:20:30.4Z"}""",
            """{"notificationType":"CHAT_ARBITRAGE_FINISHED","businessId":1,"chatId":2,"finishedAt":"2025-11-21T10:20:30.4Z"}""",
        }));
        Assert.That(emulator.Notifications.Attempts.Select(it => (it.Chat, it.Message)), Is.All.EqualTo((chat, (EmulatedMessage?)null)));
    }

    [Test]
    public async Task A_sticker_is_a_message_without_a_notification()
    {
        await using var receiver = new LoopbackReceiver();
        await using var emulator = await StartAsync(null);
        var chat = emulator.AddBusiness(1).AddChat(2);
        emulator.Notifications.Url = receiver.Url;

        var sticker = chat.ReceiveSticker(new ChatAttachment("sticker.png", "https://example.org/sticker.png", 1));
        var message = chat.Receive("Hello?");
        await Until.TrueAsync(() => emulator.Notifications.Pending == 0);

        Assert.That(chat.Messages, Is.EqualTo(new[] { sticker, message }));
        Assert.That(emulator.Notifications.Attempts.Single().Message, Is.SameAs(message));
    }

    [TestCase("/", "/notification")]
    [TestCase("/market/", "/market/notification")]
    [TestCase("/market?key=1", "/market/notification?key=1")]
    public async Task The_path_can_be_added_to_the_URL(string path, string expected)
    {
        await using var receiver = new LoopbackReceiver();
        await using var emulator = await StartAsync(new Uri(receiver.Url, path), options => options.AppendsNotificationPath = true);

        await emulator.Notifications.PingAsync();
        emulator.AddBusiness(1).AddChat(2);
        await Until.TrueAsync(() => emulator.Notifications.Pending == 0);

        Assert.That(receiver.Requests, Has.Length.EqualTo(2).And.All.StartsWith($"POST {expected} HTTP/1.1\r\n"));
    }

    [Test]
    public async Task A_PING_waits_a_second()
    {
        await using var receiver = new LoopbackReceiver { Answer = () => null };
        await using var emulator = await StartAsync(receiver.Url);

        var ping = emulator.Notifications.PingAsync();
        await Until.TrueAsync(() => receiver.Requests.Length == 1);
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        var early = ping.IsCompleted;
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var attempt = await ping;

        Assert.That((early, attempt.Outcome, attempt.Problem, attempt.Duration, attempt.Response),
            Is.EqualTo((false, NotificationOutcome.Failed, "READ_TIMED_OUT", TimeSpan.FromSeconds(1), (string?)null)));
    }

    [Test]
    public async Task An_attempt_tells_what_the_receiver_responded()
    {
        await using var receiver = new LoopbackReceiver { Answer = () => LoopbackReceiver.Http("500 Oops", new string('x', 2000)) };
        await using var emulator = await StartAsync(receiver.Url);

        var bad = await emulator.Notifications.PingAsync();
        receiver.Answer = () => LoopbackReceiver.Ok(LoopbackReceiver.Good);
        var good = await emulator.Notifications.PingAsync();

        Assert.That((bad.Response, good.Response), Is.EqualTo((new string('x', 1000), LoopbackReceiver.Good)));
    }

    [TestCase(3)]
    [TestCase(64)]
    public async Task So_many_are_under_way_at_once(int atOnce)
    {
        await using var receiver = new LoopbackReceiver { Answer = () => null };
        await using var emulator = await StartAsync(receiver.Url, options => options.NotificationsAtOnce = atOnce);

        var business = emulator.AddBusiness(1);
        for (var id = 1; id <= 70; id++)
        {
            business.AddChat(id);
        }

        await Until.TrueAsync(() => receiver.Requests.Length == atOnce);
        Assert.That(emulator.Notifications.Pending, Is.EqualTo(70));
        _clock.Advance(TimeSpan.FromSeconds(10));
        await Until.TrueAsync(() => receiver.Requests.Length == Math.Min(70, 2 * atOnce));
    }

    [Test]
    public void At_least_one_is_under_way_at_once() => Assert.That(
        () => ChatsEmulator.StartAsync(new ChatsEmulatorOptions { NotificationsAtOnce = 0 }),
        Throws.ArgumentException.With.Message.Contains("NotificationsAtOnce must be at least 1"));

    private Task<ChatsEmulator> StartAsync(Uri? url, Action<ChatsEmulatorOptions>? configure = null)
    {
        var options = new ChatsEmulatorOptions { TimeProvider = _clock, NotificationUrl = url };
        configure?.Invoke(options);
        return ChatsEmulator.StartAsync(options);
    }
}
