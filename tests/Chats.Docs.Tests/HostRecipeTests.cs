using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using YandexMarket.Chats.Responder;
using YandexMarket.Samples;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The sample bot in this process, as in docs/testing.md; its instruments are those of the alerts in docs/production.md.</summary>
public sealed class HostRecipeTests
{
    [Test]
    public async Task The_bot_answers_and_has_the_instruments_of_the_alerts()
    {
        var instruments = new ConcurrentBag<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => instruments.Add(AlertRules.PrometheusName(instrument)) };
        listener.Start();
        var folder = Directory.CreateTempSubdirectory("recipe-").FullName;

        await AnswerOnceAsync(Path.Combine(folder, "chats.db"));

        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        AlertRules.AssertThatTheyAreOf([.. instruments]);
    }

    [TestCase(null)]
    [TestCase("test-key")]
    public async Task A_host_whose_client_is_a_fake_needs_a_key_to_start(string? key)
    {
        var folder = Directory.CreateTempSubdirectory("recipe-").FullName;
        using var fake = new ChatsClient(new ChatsClientOptions { ApiKey = "fake" });
        await using var bot = new WebApplicationFactory<SupportResponder>().WithWebHostBuilder(host => host
            .UseEnvironment("Development")
            .UseSetting("Chats:ApiKey", key)
            .UseSetting("ConnectionStrings:Sqlite", $"Data Source={Path.Combine(folder, "chats.db")}")
            .ConfigureTestServices(services => services.RemoveAll<IChatsClient>().AddSingleton<IChatsClient>(fake)));

        Assert.That(() => bot.Services, key is null ? Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("ApiKey") : Throws.Nothing);
        SqliteConnection.ClearAllPools();
        await bot.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void An_alert_without_an_instrument_is_found() => Assert.That(
        () => AlertRules.AssertThatTheyAreOf(["chats_responder_open"]), Throws.InstanceOf<AssertionException>());

    private static async Task AnswerOnceAsync(string database)
    {
        using var timeout = new CancellationTokenSource(Until.Timeout);
        var cancellationToken = timeout.Token;

        // docs/testing: A whole application
        var options = new ChatsEmulatorOptions { NotificationRetryDelay = _ => TimeSpan.FromMilliseconds(100) };   // not after a minute
        options.PingTimeout = Until.Timeout; // test only
        await using var emulator = await ChatsEmulator.StartAsync(options);
        emulator.AddKey("test-key", ChatsScopes.Communication);
        var chat = emulator.AddBusiness(1).AddChat(2);

        await using var bot = new WebApplicationFactory<SupportResponder>().WithWebHostBuilder(host => host
            .UseEnvironment("Development")
            .UseUrls("http://127.0.0.1:0")   // the emulator must be able to call it
            .UseSetting("Chats:ApiKey", "test-key")
            .UseSetting("Chats:BaseAddress", $"{emulator.BaseAddress}")
            .UseSetting("ConnectionStrings:Sqlite", $"Data Source={database}"));
        bot.UseKestrel();
        bot.StartServer();

        emulator.Notifications.Url = new Uri(bot.ClientOptions.BaseAddress, "notification");
        chat.Receive("Where is my order?");
        var reply = await chat.WaitForAsync(message => message.Sender == EmulatedSender.Partner, cancellationToken);

        Assert.That(reply.Text, Does.StartWith("Thank you"));
        // end
        await NotifyAsync(emulator, emulator.Notifications.Url, emulator.FindBusiness(1)!.AddChat(3));
        Assert.That(await bot.Services.GetRequiredService<IChatsResponderInbox>().ListAsync(cancellationToken: cancellationToken), Is.Empty);
    }

    /// <summary>Each message is notified of twice.</summary>
    private static async Task NotifyAsync(ChatsEmulator emulator, Uri receiver, EmulatedChat chat)
    {
        using var timeout = new CancellationTokenSource(Until.Timeout);
        var cancellationToken = timeout.Token;

        // docs/testing: Notifications
        emulator.Notifications.Url = receiver;
        emulator.Notifications.Copies = 2;

        var ping = await emulator.Notifications.PingAsync();
        chat.Receive("Where is my order?");
        var reply = await chat.WaitForAsync(message => message.Sender == EmulatedSender.Partner, cancellationToken);

        Assert.That(ping.IsAccepted, Is.True);
        Assert.That(reply.Text, Does.StartWith("Thank you"));
        // end
        chat.Receive(null, new ChatAttachment("photo.jpg", "https://example.com/photo.jpg", 1));
        var last = chat.Receive(new string('?', 4096));
        await chat.WaitForAsync(message => message.Text == $"Thank you! Your request number is {last.Id}. We are looking into it.", cancellationToken);
        Assert.That(chat.Messages.Count(message => message.Sender == EmulatedSender.Partner), Is.EqualTo(2));
    }
}
