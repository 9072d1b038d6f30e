using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting.Internal;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>Metrics, health check and the names in responses; and the addresses that may call.</summary>
public sealed class TelemetryTests
{
    [Test]
    public async Task Notifications_are_counted_and_measured_by_type_and_outcome()
    {
        await using var shop = await Shop.StartAsync(options => options.Businesses.Add(1));
        var meters = shop.Services.GetRequiredService<IMeterFactory>();
        using var counted = new MetricCollector<long>(meters, ChatsNotificationTelemetry.MeterName, "chats.notifications");
        using var measured = new MetricCollector<double>(meters, ChatsNotificationTelemetry.MeterName, "chats.notification.duration");
        shop.Recorder.Behavior = (call, _) => call.Contains(" 9 ", StringComparison.Ordinal) ? throw new InvalidOperationException() : Task.CompletedTask;

        await shop.PostAsync(Raw.Ping);
        await shop.PostAsync(Raw.Message);
        await shop.PostAsync(Raw.Message);
        await shop.PostAsync(Raw.MessageOf(9));
        await shop.PostAsync(Raw.Message.Replace("\"businessId\":1", "\"businessId\":2"));
        await shop.PostAsync("""{"notificationType":"ORDER_CREATED"}""");
        await shop.PostAsync("hello");
        await shop.PostAsync("""{"notificationType":"CHAT_MESSAGE_SENT"}""");
        await shop.SendAsync(Raw.Post(Raw.Message, headers: "X-Forwarded-For: 5.45.207.1\r\n"));
        await shop.SendAsync(Raw.Post(Raw.Message, "text/plain"));
        await shop.PostAsync(Raw.Message.PadRight(64 * 1024 + 1));

        await counted.WaitForMeasurementsAsync(11, TimeSpan.FromSeconds(30));
        await measured.WaitForMeasurementsAsync(11, TimeSpan.FromSeconds(30));
        string[] expected =
        [
            "PING ping", "CHAT_MESSAGE_SENT handled", "CHAT_MESSAGE_SENT duplicate", "CHAT_MESSAGE_SENT failed", "CHAT_MESSAGE_SENT ignored",
            "other ignored", "none malformed", "CHAT_MESSAGE_SENT malformed", "none rejected", "none rejected", "none rejected",
        ];
        Assert.That(counted.GetMeasurementSnapshot().Select(it => Tags(it.Tags)), Is.EquivalentTo(expected));
        Assert.That(measured.GetMeasurementSnapshot().Select(it => Tags(it.Tags)), Is.EquivalentTo(expected));
        Assert.That(((Histogram<double>)measured.Instrument!).Advice?.HistogramBucketBoundaries, Does.Contain(0.1).And.Contain(10), "In seconds.");
    }

    [Test]
    public async Task The_meter_and_the_health_check_report_the_last_PING()
    {
        await using var shop = await Shop.StartAsync();
        using var age = new MetricCollector<double>(
            shop.Services.GetRequiredService<IMeterFactory>(), ChatsNotificationTelemetry.MeterName, "chats.notification.ping.age");
        age.RecordObservableInstruments();
        var none = (age.LastMeasurement, await HealthAsync(shop));

        await shop.PostAsync(Raw.Ping);
        shop.Clock.Advance(TimeSpan.FromMinutes(3));
        age.RecordObservableInstruments();
        var good = (age.LastMeasurement?.Value, await HealthAsync(shop));
        shop.Clock.Advance(TimeSpan.FromHours(2));
        var late = await HealthAsync(shop);

        Assert.That(none, Is.EqualTo(((object?)null, "Healthy: No PING has arrived since startup.")));
        Assert.That(good, Is.EqualTo(((double?)180, "Healthy: The last PING arrived at 2026-01-16 10:00:00Z.")));
        Assert.That(late, Is.EqualTo("Unhealthy: The last PING arrived at 2026-01-16 10:00:00Z."));
    }

    [Test]
    public async Task The_name_and_version_are_those_of_the_application_unless_set()
    {
        await using var shop = await Shop.StartAsync();
        await using var named = await Shop.StartAsync(options => (options.Name, options.Version) = ("Лавка", "2.0"));

        Assert.That((await shop.PostAsync(Raw.Ping)).Body, Does.Match("""^{"version":"\d+\.\d+\.\d+\.\d+","name":"shop","time":"2026-01-16T10:00:00\+00:00"}$"""));
        Assert.That((await named.PostAsync(Raw.Ping)).Body, Is.EqualTo("""{"version":"2.0","name":"Лавка","time":"2026-01-16T10:00:00+00:00"}"""));
    }

    [TestCase("5.45.207.0", true)]
    [TestCase("5.45.207.127", true)]
    [TestCase("5.45.207.128", false)]
    [TestCase("5.45.206.255", false)]
    [TestCase("141.8.142.127", true)]
    [TestCase("141.8.142.128", false)]
    [TestCase("5.255.253.127", true)]
    [TestCase("5.255.253.128", false)]
    [TestCase("::ffff:5.255.253.1", true)]
    [TestCase("::ffff:5.255.254.1", false)]
    [TestCase("2001:db8::1", false)]
    [TestCase("10.0.0.1", false)]
    [TestCase("127.0.0.1", true)]
    [TestCase("::1", true)]
    [TestCase("::ffff:127.0.0.1", true)]
    [TestCase(null, true)]
    public void The_allowed_senders(string? address, bool allowed)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = address is null ? null : IPAddress.Parse(address) } };

        Assert.That(new SenderCheck(new ChatsNotificationOptions(), new HostingEnvironment { EnvironmentName = Environments.Production }).Allows(context), Is.EqualTo(allowed));
    }

    internal static string Tags(IReadOnlyDictionary<string, object?> tags) => $"{tags["chats.notification.type"]} {tags["chats.notification.outcome"]}";

    private static async Task<string> HealthAsync(Shop shop)
    {
        var report = await shop.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return $"{report.Status}: {report.Entries["chats-notifications"].Description}";
    }
}
