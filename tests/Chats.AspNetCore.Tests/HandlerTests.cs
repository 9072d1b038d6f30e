using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>Handlers that hang, fail, come in numbers; and duplicates over time.</summary>
public sealed class HandlerTests
{
    private const string Ping = """{"notificationType":"PING","time":"2026-01-16T10:09:49Z"}""";

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_PING_gets_its_response_while_64_handlers_hang(bool blockTheirThread)
    {
        using var release = new ManualResetEventSlim();
        var gate = new TaskCompletionSource();
        await using var shop = await Shop.StartAsync();
        await shop.PostAsync(Ping);
        shop.Recorder.Behavior = (_, _) =>
        {
            if (blockTheirThread)
            {
                release.Wait(CancellationToken.None);
            }

            return gate.Task;
        };

        var hanging = Enumerable.Range(1, 64).Select(id => shop.PostAsync(Message(id))).ToList();
        await UntilAsync(() => shop.Recorder.Calls.Count == 64);
        var pings = new List<(int Status, TimeSpan Took, TimeSpan Plain)>();
        for (var i = 0; i < 10; i++)
        {
            var start = Stopwatch.GetTimestamp();
            pings.Add(((await shop.PostAsync(Ping)).Status, Stopwatch.GetElapsedTime(start), await shop.PlainAsync()));
        }

        var ended = hanging.Count(response => response.IsCompleted);
        release.Set();
        gate.SetResult();
        var responses = await Task.WhenAll(hanging);

        Assert.That((pings.Count(it => it.Status == 200), ended, responses.Count(it => it.Status == 200)), Is.EqualTo((10, 0, 64)));
        Assert.That(pings.Max(it => it.Took), Is.LessThan(Shop.PingLimit(pings.Select(it => it.Plain))));
    }

    [TestCase(true, 200)]
    [TestCase(false, 500)]
    public async Task A_duplicate_waits_for_the_first_and_ends_as_it_does(bool succeeds, int status)
    {
        var gate = new TaskCompletionSource();
        var entrance = new Entrance();
        await using var shop = await Shop.StartAsync(new Shop.Setup { Services = services => services.AddSingleton<IStartupFilter>(entrance) });
        shop.Recorder.Behavior = (_, _) => gate.Task;

        var first = shop.PostAsync(Raw.Message);
        await UntilAsync(() => shop.Recorder.Calls.Count == 1);
        var second = shop.SendAsync(Raw.Post(Raw.Message, path: "/"));
        await UntilAsync(() => entrance.Waiting == 2); // One that came after the end would be handled anew.
        var ping = await shop.PostAsync(Ping);
        var early = second.IsCompleted;
        if (succeeds)
        {
            gate.SetResult();
        }
        else
        {
            gate.SetException(new InvalidOperationException());
        }

        Assert.That((early, (await first).Status, (await second).Status, ping.Status), Is.EqualTo((false, status, status, 200)));
        Assert.That(shop.Recorder.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_was_handled_is_a_duplicate_for_an_hour()
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
    public async Task What_failed_reaches_the_handler_again()
    {
        await using var shop = await Shop.StartAsync();
        shop.Recorder.Behavior = (_, _) => shop.Recorder.Calls.Count == 1 ? throw new InvalidOperationException("secret") : Task.CompletedTask;

        var first = await shop.PostAsync(Raw.Message);
        var second = await shop.PostAsync(Raw.Message);
        var third = await shop.PostAsync(Raw.Message);

        Assert.That((first.Status, second.Status, third.Status, shop.Recorder.Calls.Count), Is.EqualTo((500, 200, 200, 2)));
        Assert.That(shop.Log.Ours, Has.Exactly(1).Contains("Error: ChatMessageSent of business 1, chat 2 was not handled: the service sends it again System.InvalidOperationException: secret"));
    }

    [Test]
    public async Task Other_events_of_the_same_chat_are_no_duplicates()
    {
        await using var shop = await Shop.StartAsync();
        string[] events =
        [
            Raw.Message, Message(4), Raw.Message.Replace("\"chatId\":2", "\"chatId\":7"), Raw.Message.Replace("\"businessId\":1", "\"businessId\":7"),
            """{"notificationType":"CHAT_ARBITRAGE_STARTED","businessId":1,"chatId":2,"startedAt":"2026-01-16T10:00:00Z"}""",
            """{"notificationType":"CHAT_ARBITRAGE_FINISHED","businessId":1,"chatId":2,"finishedAt":"2026-01-16T10:00:00Z"}""",
            """{"notificationType":"CHAT_ARBITRAGE_STARTED","businessId":1,"chatId":2,"startedAt":"2026-01-16T10:00:01Z"}""",
        ];

        foreach (var body in events.Concat(events))
        {
            await shop.PostAsync(body);
        }

        Assert.That(shop.Recorder.Calls, Has.Count.EqualTo(events.Length));
    }

    [Test]
    public async Task A_caller_that_hangs_up_cancels_the_handler()
    {
        var canceled = new TaskCompletionSource();
        await using var shop = await Shop.StartAsync();
        shop.Recorder.Behavior = async (_, token) =>
        {
            token.UnsafeRegister(_ => canceled.TrySetResult(), null);
            await Task.Delay(Timeout.Infinite, token);
        };

        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync(System.Net.IPAddress.Loopback, shop.Address.Port);
            await client.GetStream().WriteAsync(Raw.Post(Raw.Message));
            await UntilAsync(() => shop.Recorder.Calls.Count == 1);
        }

        await canceled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        shop.Recorder.Behavior = (_, _) => Task.CompletedTask;
        await UntilAsync(() => shop.Log.Ours.Any());
        Assert.That((await shop.PostAsync(Raw.Message)).Status, Is.EqualTo(200));
        Assert.That(shop.Recorder.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public void The_memory_of_duplicates_is_bounded()
    {
        var recent = new RecentNotifications(TimeProvider.System);
        for (var id = 1; id <= 150_000; id++)
        {
            var key = new NotificationKey(NotificationType.ChatMessageSent, 1, 2, id);
            Assert.That(recent.Start(key), Is.Null);
            recent.End(key, handled: true);
        }

        Assert.That(recent.Count, Is.InRange(100_000, 100_001));
        Assert.That(recent.Start(new NotificationKey(NotificationType.ChatMessageSent, 1, 2, 150_000)), Is.Not.Null);
        Assert.That(recent.Start(new NotificationKey(NotificationType.ChatMessageSent, 1, 2, 1)), Is.Null, "The oldest are forgotten first.");
    }

    [Test]
    public async Task All_handlers_get_each_notification_and_a_singleton_stays_one()
    {
        var second = new Silent();
        await using var shop = await Shop.StartAsync(new Shop.Setup
        {
            Services = services =>
            {
                services.AddSingleton(second);
                services.AddChatsNotifications<Silent>();
                services.AddChatsNotifications<Silent>();
                services.AddChatsNotifications<RecordingHandler>();
            },
        });

        await shop.PostAsync(Raw.Message);
        await shop.PostAsync("""{"notificationType":"CHAT_CREATED","businessId":1,"chatId":2,"createdAt":"2026-01-16T10:00:00Z"}""");

        Assert.That((shop.Recorder.Calls.Count, second.Messages), Is.EqualTo((2, 1)), "What a handler does not implement does nothing.");
    }

    [TestCase("", null)]
    [TestCase(null, "")]
    [TestCase("101", null)]
    public void A_name_that_the_service_would_refuse_stops_the_start(string? name, string? version) => Assert.That(
        () => Shop.StartAsync(options => (options.Name, options.Version) = (name == "101" ? new string('n', 101) : name, version)),
        Throws.TypeOf<OptionsValidationException>().With.Message.Contains("1 to 100 characters"));

    [Test]
    public void Without_a_handler_nothing_is_mapped()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        Assert.That(() => app.MapChatsNotifications(), Throws.InvalidOperationException.With.Message.Contains("AddChatsNotifications"));
    }

    private static string Message(int id) => Raw.Message.Replace("\"3\"", $"\"{id}\"", StringComparison.Ordinal);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>Counts the requests that wait for something else than their bytes.</summary>
    private sealed class Entrance : IStartupFilter
    {
        private int _waiting;

        public int Waiting => Volatile.Read(ref _waiting);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                body.Position = 0;
                context.Request.Body = body;
                var response = rest(context);
                Interlocked.Increment(ref _waiting);
                await response;
            });
            next(app);
        };
    }

    private sealed class Silent : IChatsNotificationHandler
    {
        public int Messages { get; private set; }

        public Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken)
        {
            Messages++;
            return Task.CompletedTask;
        }
    }
}
