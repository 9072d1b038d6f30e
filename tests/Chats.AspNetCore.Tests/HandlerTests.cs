using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>Handlers that hang or fail, several handlers, their lifetimes, and timeouts of the application.</summary>
public sealed class HandlerTests
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task A_PING_gets_its_response_while_64_handlers_hang(bool blockTheirThread)
    {
        using var release = new ManualResetEventSlim();
        var gate = new TaskCompletionSource();
        var usesThreadOfServer = false;
        await using var shop = await Shop.StartAsync();
        shop.Recorder.Behavior = (_, _) =>
        {
            usesThreadOfServer |= Thread.CurrentThread.IsThreadPoolThread;
            if (blockTheirThread)
            {
                release.Wait(CancellationToken.None);
            }

            return gate.Task;
        };

        var hanging = Enumerable.Range(1, 64).Select(id => shop.PostAsync(Raw.MessageOf(id))).ToList();
        await Until.TrueAsync(() => shop.Recorder.Calls.Count == 64);
        var ping = await shop.PostAsync(Raw.Ping);
        var ended = hanging.Count(response => response.IsCompleted);
        release.Set();
        gate.SetResult();
        var responses = await Task.WhenAll(hanging);

        Assert.That((ping.Status, ended, responses.Count(it => it.Status == 200)), Is.EqualTo((200, 0, 64)));
        Assert.That(usesThreadOfServer, Is.False, "The pool would add threads so slowly that a PING might wait for more than a second.");
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
        Assert.That(shop.OurLog, Has.Exactly(1).Contains("Error: ChatMessageSent of business 1, chat 2 was not handled: the service will send it again System.InvalidOperationException: secret"));
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

        using (await RawRequest.OpenAsync(shop.Address.Port, Raw.Post(Raw.Message)))
        {
            await Until.TrueAsync(() => shop.Recorder.Calls.Count == 1);
        }

        await canceled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        shop.Recorder.Behavior = (_, _) => Task.CompletedTask;
        await Until.TrueAsync(() => shop.OurLog.Any());
        Assert.That((await shop.PostAsync(Raw.Message)).Status, Is.EqualTo(200));
        Assert.That(shop.Recorder.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task All_handlers_get_each_notification_and_a_singleton_stays_a_singleton()
    {
        var (second, ownRegistration) = (new Silent(), new Silent());
        await using var shop = await Shop.StartAsync(new Shop.Setup
        {
            Services = services =>
            {
                services.AddSingleton(second);
                services.AddChatsNotifications<Silent>();
                services.AddChatsNotifications<Silent>();
                services.AddChatsNotifications<RecordingHandler>();
                services.AddSingleton<IChatsNotificationHandler>(ownRegistration);
            },
        });

        await shop.PostAsync(Raw.Message);
        await shop.PostAsync("""{"notificationType":"CHAT_CREATED","businessId":1,"chatId":2,"createdAt":"2026-01-16T10:00:00Z"}""");

        Assert.That((shop.Recorder.Calls.Count, second.Messages, ownRegistration.Messages), Is.EqualTo((2, 1, 1)), "A method that is not implemented does nothing.");
    }

    // How often it was created, and disposed after two notifications and after the end of the application.
    [TestCase("scoped by default", 2, 2, 2)]
    [TestCase("singleton", 1, 0, 1)]
    [TestCase("singleton registered afterwards", 1, 0, 1)]
    [TestCase("instance", 1, 0, 0, Description = "The container does not own it.")]
    public async Task A_handler_is_disposed_once_at_the_end_of_its_lifetime(string how, int created, int disposed, int disposedAtTheEnd)
    {
        var uses = new Uses();
        await using (var shop = await Shop.StartAsync(new Shop.Setup
        {
            Services = services =>
            {
                services.AddSingleton(uses);
                _ = how == "singleton" ? services.AddSingleton<Counted>() : how == "instance" ? services.AddSingleton(new Counted(uses)) : services;
                services.AddChatsNotifications<Counted>();
                _ = how == "singleton registered afterwards" ? services.AddSingleton<Counted>() : services;
            },
        }))
        {
            Assert.That((await shop.PostAsync(Raw.Message)).Status, Is.EqualTo(200));
            Assert.That((await shop.PostAsync(Raw.MessageOf(4))).Status, Is.EqualTo(200));

            // The scope of a request ends after its response.
            await Until.TrueAsync(() => uses.Disposed >= disposed);
            Assert.That((uses.Created, uses.Disposed), Is.EqualTo((created, disposed)));
        }

        Assert.That(uses.Disposed, Is.EqualTo(disposedAtTheEnd));
    }

    [Test]
    public void Without_a_handler_nothing_is_mapped()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        Assert.That(() => app.MapChatsNotifications(), Throws.InvalidOperationException.With.Message.Contains("AddChatsNotifications"));
    }

    [Test]
    public async Task A_duplicate_whose_wait_times_out_gets_a_503()
    {
        var gate = new TaskCompletionSource();
        await using var shop = await StartWithTimeoutsAsync();
        using var counted = new MetricCollector<long>(shop.Services.GetRequiredService<IMeterFactory>(), ChatsNotificationTelemetry.MeterName, "chats.notifications");
        shop.Recorder.Behavior = (_, _) => gate.Task;

        var first = shop.PostAsync(Raw.Message);
        await Until.TrueAsync(() => shop.Recorder.Calls.Count == 1);
        var second = await shop.SendAsync(Raw.Post(Raw.Message, path: "/"));
        gate.SetException(new InvalidOperationException());

        Assert.That((second.Status, (await first).Status), Is.EqualTo((503, 500)));
        Assert.That(shop.OurLog, Has.Exactly(1).Contains("Warning: ChatMessageSent of business 1, chat 2: the connection was closed while a duplicate waited"));
        await counted.WaitForMeasurementsAsync(2, Until.Timeout);
        Assert.That(counted.GetMeasurementSnapshot().Select(it => TelemetryTests.Tags(it.Tags)), Does.Contain("CHAT_MESSAGE_SENT aborted"));
    }

    [Test]
    public async Task A_body_that_is_too_slow_gets_a_503()
    {
        await using var shop = await StartWithTimeoutsAsync();
        using var client = await RawRequest.OpenAsync(shop.Address.Port, Raw.Post(Raw.Message, path: "/")[..^5]);
        using var reader = new StreamReader(new NetworkStream(client));

        Assert.That(await reader.ReadLineAsync().WaitAsync(Until.Timeout), Does.StartWith("HTTP/1.1 503 "));
        Assert.That(shop.Recorder.Calls, Is.Empty);
    }

    /// <summary>The timeout applies to the path / only.</summary>
    private static Task<Shop> StartWithTimeoutsAsync() => Shop.StartAsync(new Shop.Setup
    {
        Services = services => services
            .AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy { Timeout = TimeSpan.FromMilliseconds(100) }),
        Middleware = app => app.UseRouting().UseWhen(context => context.Request.Path == "/", branch => branch.UseRequestTimeouts()),
    });

    private sealed class Silent : IChatsNotificationHandler
    {
        public int Messages { get; private set; }

        public Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken)
        {
            Messages++;
            return Task.CompletedTask;
        }
    }

    private sealed class Uses
    {
        public int Created;
        public int Disposed;
    }

    private sealed class Counted : IChatsNotificationHandler, IAsyncDisposable
    {
        private readonly Uses _uses;

        public Counted(Uses uses)
        {
            _uses = uses;
            Interlocked.Increment(ref uses.Created);
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Increment(ref _uses.Disposed);
            return ValueTask.CompletedTask;
        }
    }
}
