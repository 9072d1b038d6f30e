namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>Which notifications are duplicates, over time and, with <see cref="IChatsNotificationDuplicates"/>, across machines.</summary>
public sealed class DuplicatesTests
{
    [TestCase("true", false, 200, 1, "start ChatMessageSent:1:2:3, end True")]
    [TestCase("true", true, 500, 1, "start ChatMessageSent:1:2:3, end False")]
    [TestCase("false", false, 200, 0, "start ChatMessageSent:1:2:3")]
    [TestCase("throws", false, 500, 0, "start ChatMessageSent:1:2:3")]
    public async Task It_decides_whether_a_notification_is_handled(string start, bool handlerFails, int status, int handled, string asked)
    {
        var duplicates = new Duplicates(start);
        await using var shop = await Shop.StartAsync(new Shop.Setup { Services = services => services.AddSingleton<IChatsNotificationDuplicates>(duplicates) });
        shop.Recorder.Behavior = (_, _) => handlerFails ? throw new InvalidOperationException() : Task.CompletedTask;

        var response = await shop.PostAsync(Raw.Message);

        Assert.That((response.Status, shop.Recorder.Calls.Count, string.Join(", ", duplicates.Asked)), Is.EqualTo((status, handled, asked)));
    }

    [TestCase(true, 200)]
    [TestCase(false, 500)]
    public async Task A_duplicate_waits_for_the_first_one_and_gets_the_same_response(bool succeeds, int status)
    {
        var gate = new TaskCompletionSource();
        var entered = 0;
        await using var shop = await Shop.StartAsync(new Shop.Setup
        {
            // Counts the requests whose body has been read and that have entered the endpoint.
            Middleware = app => app.Use(async (context, rest) =>
            {
                var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                body.Position = 0;
                context.Request.Body = body;
                var response = rest(context);
                Interlocked.Increment(ref entered);
                await response;
            }),
        });
        shop.Recorder.Behavior = (_, _) => gate.Task;

        var first = shop.PostAsync(Raw.Message);
        await Until.TrueAsync(() => shop.Recorder.Calls.Count == 1);
        var second = shop.SendAsync(Raw.Post(Raw.Message, path: "/"));
        await Until.TrueAsync(() => Volatile.Read(ref entered) == 2); // After the end of the first, it would be a new attempt.
        var ping = await shop.PostAsync(Raw.Ping);
        var early = second.IsCompleted;
        _ = succeeds ? gate.TrySetResult() : gate.TrySetException(new InvalidOperationException());

        Assert.That((early, (await first).Status, (await second).Status, ping.Status), Is.EqualTo((false, status, status, 200)));
        Assert.That(shop.Recorder.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task For_an_hour_after_it_was_handled_a_notification_is_a_duplicate()
    {
        await using var shop = await Shop.StartAsync();

        await shop.PostAsync(Raw.Message);
        shop.Clock.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromTicks(1));
        await shop.PostAsync(Raw.Message);
        var before = shop.Recorder.Calls.Count;
        shop.Clock.Advance(TimeSpan.FromTicks(1));
        await shop.PostAsync(Raw.Message);

        Assert.That((before, shop.Recorder.Calls.Count), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task Different_events_of_a_chat_are_not_duplicates()
    {
        await using var shop = await Shop.StartAsync();
        string[] events =
        [
            Raw.Message, Raw.MessageOf(4), Raw.Message.Replace("\"chatId\":2", "\"chatId\":7"), Raw.Message.Replace("\"businessId\":1", "\"businessId\":7"),
            """{"notificationType":"CHAT_ARBITRAGE_STARTED","businessId":1,"chatId":2,"startedAt":"2026-01-16T10:00:00Z"}""",
            """{"notificationType":"CHAT_ARBITRAGE_FINISHED","businessId":1,"chatId":2,"finishedAt":"2026-01-16T10:00:00Z"}""",
            """{"notificationType":"CHAT_ARBITRAGE_STARTED","businessId":1,"chatId":2,"startedAt":"2026-01-16T10:00:01Z"}""",
            """{"notificationType":"CHAT_ARBITRAGE_STARTED","businessId":1,"chatId":2,"startedAt":"16.01.2026 10:00"}""",
            """{"notificationType":"CHAT_ARBITRAGE_STARTED","businessId":1,"chatId":2,"startedAt":"16.01.2026 10:01"}""",
        ];

        foreach (var body in events.Concat(events))
        {
            await shop.PostAsync(body);
        }

        Assert.That(shop.Recorder.Calls, Has.Count.EqualTo(events.Length));
    }

    [Test]
    public void The_memory_of_duplicates_is_bounded()
    {
        var recent = new RecentNotifications(TimeProvider.System);
        var duplicates = 0;
        for (var id = 1; id <= 150_000; id++)
        {
            duplicates += recent.Start(Key(id)) is null ? 0 : 1;
            recent.End(Key(id), handled: true);
        }

        Assert.That((duplicates, recent.Start(Key(50_001)) is null, recent.Start(Key(50_000)) is null), Is.EqualTo((0, false, true)), "The oldest are forgotten.");

        static NotificationKey Key(int id) => new(NotificationType.ChatMessageSent, 1, 2, id);
    }

    private sealed class Duplicates(string start) : IChatsNotificationDuplicates
    {
        public List<string> Asked { get; } = [];

        public Task<bool> TryStartAsync(string notification, CancellationToken cancellationToken)
        {
            Asked.Add($"start {notification}");
            return start == "throws" ? throw new InvalidOperationException() : Task.FromResult(start == "true");
        }

        public Task EndAsync(string notification, bool handled)
        {
            Asked.Add($"end {handled}");
            return Task.CompletedTask;
        }
    }
}
