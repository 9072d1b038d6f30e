using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using YandexMarket.Chats.AspNetCore;
using YandexMarket.Chats.Emulator;
using YandexMarket.Chats.Hosting;
using YandexMarket.Samples;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>The sample bot in one process with the emulator, over HTTP.</summary>
public sealed class SampleTests
{
    [Test]
    public async Task It_answers_the_messages_of_the_emulator()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var patience = timeout.Token;
        var folder = Directory.CreateTempSubdirectory("sample-").FullName;
        var database = $"Data Source={Path.Combine(folder, "chats.db")}";
        await using var emulator = await ChatsEmulator.StartAsync(
            new ChatsEmulatorOptions { NotificationRetryDelay = _ => TimeSpan.FromMilliseconds(100), PingTimeout = Until.Patience }, patience);
        emulator.AddKey("test-key", ChatsScopes.Communication);
        var chat = emulator.AddBusiness(1).AddChat(2);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddChatsClient(options => (options.ApiKey, options.BaseAddress) = ("test-key", emulator.BaseAddress));
        builder.Services.AddChatsResponder<SupportResponder>(options => options.PollInterval = TimeSpan.FromMilliseconds(100))
            .UseSqlite(database);
        await using (var app = builder.Build())
        {
            app.MapChatsNotifications("/notification");
            await app.StartAsync(patience);
            var receiver = new Uri(new Uri(app.Urls.First()), "notification");
            emulator.Notifications.Url = receiver;
            // docs/testing: Notifications
            emulator.Notifications.Url = receiver;
            emulator.Notifications.Copies = 2;

            var ping = await emulator.Notifications.PingAsync();
            chat.Receive("Where is my order?");
            var answer = await chat.WaitForAsync(message => message.Sender == EmulatedSender.Partner, patience);

            Assert.That(ping.IsAccepted, Is.True);
            Assert.That(answer.Text, Does.StartWith("Thank you"));
            // end
            chat.Receive(null, new ChatAttachment("photo.jpg", "https://example.com/photo.jpg", 1));
            var last = chat.Receive(new string('?', 4096));
            await chat.WaitForAsync(message => message.Text == $"Thank you! Your request number is {last.Id}. We are looking into it.", patience);
            Assert.That(chat.Messages.Count(message => message.Sender == EmulatedSender.Partner), Is.EqualTo(2));
            Assert.That(await app.Services.GetRequiredService<IChatsResponderInbox>().ListAsync(cancellationToken: patience), Is.Empty);
        }

        await using var own = new SqliteConnection(database);
        SqliteConnection.ClearPool(own);
        Directory.Delete(folder, recursive: true);
    }
}
