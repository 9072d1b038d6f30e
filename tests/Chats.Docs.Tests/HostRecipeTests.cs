using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using YamlDotNet.RepresentationModel;
using YandexMarket.Chats.Responder;
using YandexMarket.Samples;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The sample bot in this process, as in docs/testing.md; its instruments are those of the alerts in docs/production.md.</summary>
public sealed partial class HostRecipeTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("recipe-").FullName;

    [TearDown]
    public void DeleteFolder()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task The_bot_answers_and_has_the_instruments_of_the_alerts()
    {
        var instruments = new ConcurrentBag<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => instruments.Add(PrometheusName(instrument)) };
        listener.Start();
        using var timeout = new CancellationTokenSource(Until.Timeout);
        var (cancellationToken, database) = (timeout.Token, Path.Combine(_folder, "chats.db"));

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
        AssertThatTheAlertsAreOf([.. instruments]);
    }

    [TestCase(null)]
    [TestCase("test-key")]
    public async Task A_host_whose_client_is_a_fake_needs_a_key_to_start(string? key)
    {
        using var fake = new ChatsClient(new ChatsClientOptions { ApiKey = "fake" });
        await using var bot = new WebApplicationFactory<SupportResponder>().WithWebHostBuilder(host => host
            .UseEnvironment("Development")
            .UseSetting("Chats:ApiKey", key)
            .UseSetting("ConnectionStrings:Sqlite", $"Data Source={Path.Combine(_folder, "chats.db")}")
            .ConfigureTestServices(services => services.RemoveAll<IChatsClient>().AddSingleton<IChatsClient>(fake)));

        Assert.That(() => bot.Services, key is null ? Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("ApiKey") : Throws.Nothing);
    }

    [Test]
    public void An_alert_without_an_instrument_is_found() => Assert.That(
        () => AssertThatTheAlertsAreOf(["chats_responder_open"]), Throws.InstanceOf<AssertionException>());

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

    /// <summary>The name that the OpenTelemetry exporter gives an instrument: with the unit in words, and _total for a counter.</summary>
    private static string PrometheusName(Instrument instrument)
    {
        var kind = instrument.GetType().Name.Split('`')[0];
        return instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "")
            + (kind == nameof(Counter<>) ? "_total" : kind == nameof(Histogram<>) ? "_bucket" : "");
    }

    /// <summary>The Prometheus rules in docs/production.md.</summary>
    private static void AssertThatTheAlertsAreOf(IReadOnlyCollection<string> instruments)
    {
        var source = string.Concat(Repository.Files
            .Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)).Select(Repository.Read));
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Pages.Read("docs/production.md").Blocks.Single().Text));
        var expressions = ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"][0]["rules"]).Select(rule => $"{rule["expr"]}").ToList();

        Assert.That(expressions, Has.Count.GreaterThan(5));
        foreach (var expression in expressions)
        {
            var metrics = Metric().Matches(Labels().Replace(expression, "")).Select(match => match.Value).Distinct();
            var labels = Labels().Matches(expression).SelectMany(match => Label().Matches(match.Value)).Select(match => match.Value).Except(["by", "le"]);

            // A counter does not exist before its first event, so its increase does not show that event.
            foreach (Match increase in Increase().Matches(Regex.IsMatch(expression, "[>=] 0") ? expression : ""))
            {
                var (series, window) = (increase.Groups[1].Value, increase.Groups[2].Value);
                Assert.That(expression, Does.Contain($"sum({series} unless {series} offset {window})"));
            }

            Assert.That(metrics, Is.Not.Empty.And.SubsetOf(instruments), expression);
            // A label is an attribute with _ in place of each dot.
            Assert.That(labels.Where(label => !Regex.IsMatch(source, $"\"{label.Replace("_", "[._]", StringComparison.Ordinal)}\"")), Is.Empty, expression);
        }
    }

    [GeneratedRegex(@"increase\((.+?)\[(\w+)\]\)")]
    private static partial Regex Increase();

    [GeneratedRegex(@"chats_\w+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\{[^}]*\}|by \([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex("(?<!\")\\b[a-z_]+\\b(?=[=!,) ])")]
    private static partial Regex Label();
}
