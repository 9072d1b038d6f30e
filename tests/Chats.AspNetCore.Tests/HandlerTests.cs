using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>Handlers that hang or fail, several handlers, and duplicates over time.</summary>
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
        await Until.TrueAsync(() => shop.Recorder.Calls.Count == 64);
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
    public async Task A_duplicate_waits_for_the_first_one_and_gets_the_same_response(bool succeeds, int status)
    {
        var gate = new TaskCompletionSource();
        var requests = new ReceivedRequests();
        await using var shop = await Shop.StartAsync(new Shop.Setup { Services = services => services.AddSingleton<IStartupFilter>(requests) });
        shop.Recorder.Behavior = (_, _) => gate.Task;

        var first = shop.PostAsync(Raw.Message);
        await Until.TrueAsync(() => shop.Recorder.Calls.Count == 1);
        var second = shop.SendAsync(Raw.Post(Raw.Message, path: "/"));
        await Until.TrueAsync(() => requests.Count == 2); // After the end of the first, it would be a new attempt.
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
    public async Task After_a_failure_the_next_attempt_reaches_the_handler()
    {
        await using var shop = await Shop.StartAsync();
        shop.Recorder.Behavior = (_, _) => shop.Recorder.Calls.Count == 1 ? throw new InvalidOperationException("secret") : Task.CompletedTask;

        var first = await shop.PostAsync(Raw.Message);
        var second = await shop.PostAsync(Raw.Message);
        var third = await shop.PostAsync(Raw.Message);

        Assert.That((first.Status, second.Status, third.Status, shop.Recorder.Calls.Count), Is.EqualTo((500, 200, 200, 2)));
        Assert.That(shop.OurLog, Has.Exactly(1).Contains("Error: ChatMessageSent of business 1, chat 2 was not handled: the service sends it again System.InvalidOperationException: secret"));
    }

    [Test]
    public async Task Different_events_of_a_chat_are_no_duplicates()
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
    public async Task Closing_the_connection_cancels_the_handler()
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
            await Until.TrueAsync(() => shop.Recorder.Calls.Count == 1);
        }

        await canceled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        shop.Recorder.Behavior = (_, _) => Task.CompletedTask;
        await Until.TrueAsync(() => shop.OurLog.Any());
        Assert.That((await shop.PostAsync(Raw.Message)).Status, Is.EqualTo(200));
        Assert.That(shop.Recorder.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public void The_memory_of_duplicates_is_bounded()
    {
        var recent = new RecentNotifications(TimeProvider.System);
        for (var id = 1; id <= 150_000; id++)
        {
            Assert.That(recent.Start(Key(id)), Is.Null);
            recent.End(Key(id), handled: true);
        }

        Assert.That((recent.Start(Key(50_001)) is null, recent.Start(Key(50_000)) is null), Is.EqualTo((false, true)), "The oldest are forgotten.");

        static NotificationKey Key(int id) => new(NotificationType.ChatMessageSent, 1, 2, id);
    }

    [Test]
    public async Task All_handlers_get_each_notification_and_a_singleton_stays_a_singleton()
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

        Assert.That((shop.Recorder.Calls.Count, second.Messages), Is.EqualTo((2, 1)), "A method that is not implemented does nothing.");
    }

    [TestCase("", null)]
    [TestCase(null, "")]
    [TestCase("101", null)]
    public void A_name_that_the_service_would_reject_stops_the_start(string? name, string? version) => Assert.That(
        () => Shop.StartAsync(options => (options.Name, options.Version) = (name == "101" ? new string('n', 101) : name, version)),
        Throws.TypeOf<OptionsValidationException>().With.Message.Contains("1 to 100 characters"));

    [Test]
    public void Without_a_handler_nothing_is_mapped()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        Assert.That(() => app.MapChatsNotifications(), Throws.InvalidOperationException.With.Message.Contains("AddChatsNotifications"));
    }

    private static string Message(int id) => Raw.Message.Replace("\"3\"", $"\"{id}\"", StringComparison.Ordinal);

    /// <summary>Counts the requests whose body has been read and that have entered the endpoint.</summary>
    private sealed class ReceivedRequests : IStartupFilter
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                body.Position = 0;
                context.Request.Body = body;
                var response = rest(context);
                Interlocked.Increment(ref _count);
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
