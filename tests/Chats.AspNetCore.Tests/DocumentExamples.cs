using Microsoft.AspNetCore.HttpOverrides;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>The examples of the pages; the emulator sends the notifications.</summary>
public sealed class DocumentExamples
{
    [Test]
    public async Task A_message_is_stored()
    {
        var builder = Builder();
        // docs/notifications: Notifications
        builder.Services.AddChatsNotifications<SupportDesk>();
        var app = builder.Build();
        app.MapChatsNotifications();
        // end

        var inbox = app.Services.GetRequiredService<Inbox>();
        Assert.That((await NotifyAsync(app, "/notification", () => inbox.Stored.Count == 1)).IsAccepted, Is.True);
        Assert.That(inbox.Stored, Is.EqualTo(new[] { (1L, 2L, 1L) }));
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

        var inbox = app.Services.GetRequiredService<Inbox>();
        var ping = await NotifyAsync(app, "/", () => true);
        Assert.That(ping.Response, Does.Contain("\"version\":\"2.1\",\"name\":\"support-desk\""));
        Assert.That(inbox.Stored, Is.Empty, "The business is another one.");
    }

    [Test]
    public async Task A_known_proxy()
    {
        var builder = Builder();
        builder.Services.AddChatsNotifications<SupportDesk>();
        var app = builder.Build();
        // docs/notifications: Who may call
        app.UseForwardedHeaders(new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor,
            KnownProxies = { IPAddress.Parse("10.0.0.7") },
        });
        // end
        app.MapChatsNotifications();
        await app.StartAsync();

        var response = await RawRequest.SendAsync(
            new Uri(app.Urls.Single()).Port, Raw.Post(Raw.Message, headers: "X-Forwarded-For: 5.45.207.1\r\n"));
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

    private static async Task<NotificationAttempt> NotifyAsync(WebApplication app, string path, Func<bool> isDone)
    {
        await app.StartAsync();
        await using var emulator = await ChatsEmulator.StartAsync(new() { NotificationTimeout = TimeSpan.FromSeconds(60), PingTimeout = TimeSpan.FromSeconds(60) });
        var chat = emulator.AddBusiness(1).AddChat(2);
        emulator.Notifications.Url = new Uri(new Uri(app.Urls.Single()), path);
        chat.Receive("Where is my order?");
        await Until.TrueAsync(() => emulator.Notifications.Pending == 0 && isDone());
        var ping = await emulator.Notifications.PingAsync();
        await app.DisposeAsync();
        return ping;
    }

    public sealed class Inbox
    {
        public ConcurrentQueue<(long BusinessId, long ChatId, long MessageId)> Stored { get; } = new();

        public Task StoreAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Stored.Enqueue((businessId, chatId, messageId));
            return Task.CompletedTask;
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
