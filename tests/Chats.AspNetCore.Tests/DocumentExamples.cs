using Microsoft.AspNetCore.HttpOverrides;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>The examples of the pages; the emulator sends the notifications.</summary>
public sealed class DocumentExamples
{
    [Test]
    [NonParallelizable]
    public async Task Each_message_is_stored_once_before_its_notification_is_confirmed()
    {
        const int Messages = 500;
        var builder = Builder();
        // docs/notifications: Notifications
        builder.Services.AddChatsNotifications<SupportDesk>();
        var app = builder.Build();
        app.MapChatsNotifications();
        // end

        await using var running = app;
        await app.StartAsync();
        var inbox = app.Services.GetRequiredService<Inbox>();
        inbox.FailsEvery = 10;
        await using var emulator = await ChatsEmulator.StartAsync(
            new() { MaxConcurrentNotifications = 64, NotificationTimeout = Until.Timeout, NotificationRetryDelay = _ => TimeSpan.FromMilliseconds(50) });
        var (accepted, early) = (0, 0);
        emulator.Notifications.Attempted += attempt =>
        {
            if (attempt is { IsAccepted: true, Message: { } message })
            {
                Interlocked.Increment(ref accepted);
                Interlocked.Add(ref early, inbox.Stored.ContainsKey((1, 2, message.Id)) ? 0 : 1);
            }
        };
        var chat = emulator.AddBusiness(1).AddChat(2);
        (emulator.Notifications.Url, emulator.Notifications.Copies) = (new Uri(app.Urls.Single() + "/notification"), 2);
        for (var message = 0; message < Messages; message++)
        {
            chat.Receive("Where is my order?");
        }

        await Until.TrueAsync(() => emulator.Notifications.Pending == 0);
        Assert.That(inbox.Stored.Keys, Is.EquivalentTo(chat.Messages.Select(message => (1L, 2L, message.Id))));
        Assert.That((accepted, early), Is.EqualTo((2 * Messages, 0)));
        Assert.That(inbox.Calls - inbox.Failures, Is.EqualTo(Messages), "No duplicate reaches the handler.");
        Assert.That(inbox.Stored.Values, Has.None.False, "No token was canceled.");
    }

    [Test]
    public async Task Several_paths_options_and_a_health_check()
    {
        var builder = Builder();
        // docs/notifications: Options
        builder.Services.AddChatsNotifications<SupportDesk>(options =>
        {
            options.Businesses.Add(12345);   // others get a 200 and a warning in the log, but do not reach the handler
            options.Name = "support-desk";   // in the responses; by default the application's
            options.Version = "2.1";
        });
        // end
        // docs/notifications: Monitoring
        builder.Services.AddHealthChecks().AddChatsNotifications(maxPingAge: TimeSpan.FromDays(1));
        // end
        var app = builder.Build();
        // docs/notifications: Setting it up
        app.MapChatsNotifications();      // /notification, as in the vendor's contract
        app.MapChatsNotifications("/");
        // end

        await using var running = app;
        await app.StartAsync();
        var response = await RawRequest.SendAsync(new Uri(app.Urls.Single()).Port, Raw.Post(Raw.Message, path: "/"));

        Assert.That(response.Body, Does.Contain("\"version\":\"2.1\",\"name\":\"support-desk\""));
        Assert.That(app.Services.GetRequiredService<Inbox>().Calls, Is.Zero, "The business is another one.");
    }

    [Test]
    public async Task A_known_proxy()
    {
        var builder = Builder();
        builder.WebHost.UseSetting("https_port", "443");
        builder.Services.AddChatsNotifications<SupportDesk>();
        var app = builder.Build();
        // docs/notifications: Who may call
        app.UseForwardedHeaders(new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            KnownProxies = { IPAddress.Parse("10.0.0.7") },
        });
        // end
        app.UseHttpsRedirection();
        app.MapChatsNotifications();
        await app.StartAsync();

        var response = await RawRequest.SendAsync(
            new Uri(app.Urls.Single()).Port, Raw.Post(Raw.Message, headers: "X-Forwarded-For: 5.45.207.1\r\nX-Forwarded-Proto: https\r\n"));
        await app.DisposeAsync();

        Assert.That(response.Status, Is.EqualTo(200), "The collection initializer adds to loopback, which is known by default.");
    }

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Inbox>();
        return builder;
    }

    public sealed class Inbox
    {
        private int _calls;
        private int _failures;

        public int Calls => _calls;

        public int Failures => _failures;

        public int FailsEvery { get; set; } = int.MaxValue;

        public ConcurrentDictionary<(long BusinessId, long ChatId, long MessageId), bool> Stored { get; } = new();

        public async Task StoreAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (Interlocked.Increment(ref _calls) % FailsEvery == 0)
            {
                Interlocked.Increment(ref _failures);
                throw new InvalidOperationException("One in ten.");
            }

            Stored[(businessId, chatId, messageId)] = !cancellationToken.IsCancellationRequested;
        }
    }

    // docs/notifications: Notifications, the handler
    public sealed class SupportDesk(Inbox inbox) : IChatsNotificationHandler
    {
        public Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken) =>
            inbox.StoreAsync(notification.BusinessId, notification.ChatId, notification.MessageId, cancellationToken);
    }
    // end
}
