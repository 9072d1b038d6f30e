using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>Every row of the table, over a socket.</summary>
public sealed class RequestTests
{
    private static IEnumerable<TestCaseData> Rows => RequestTable.All.Select(row => new TestCaseData(row).SetArgDisplayNames(row.Name));

    [TestCaseSource(nameof(Rows))]
    public async Task A_request_gets_its_expected_response(object of)
    {
        var row = (RequestRow)of;
        var setup = row.Setup ?? new Shop.Setup();
        await using var shop = await Shop.StartAsync(setup with
        {
            Options = options =>
            {
                options.Version = "7";
                setup.Options?.Invoke(options);
            },
        });
        shop.Recorder.Behavior = (_, _) => row.Behavior?.Invoke() ?? Task.CompletedTask;

        var response = await shop.SendAsync(row.Request);

        using var scope = Assert.EnterMultipleScope();
        Assert.That(response.Status, Is.EqualTo(row.Status), response.Body);
        Assert.That(response.Body, Does.Match($"^{Regex.Escape(row.Body).Replace("…", ".*", StringComparison.Ordinal)}$"));
        Assert.That(string.Join('|', shop.Recorder.Calls), Is.EqualTo(row.Calls));
        Assert.That(response.Head.Contains("\r\nContent-Type: application/json\r\n", StringComparison.Ordinal), Is.EqualTo(row.Body.Length > 0));
        Assert.That(response.Head + response.Body, Does.Not.Contain("secret").And.Not.Contain("Exception"));
        Assert.That(
            shop.OurLog.Count(line => line.Contains("Warning: A malformed notification was rejected: ", StringComparison.Ordinal)),
            Is.EqualTo(row.Status == 400 ? 1 : 0));
        Assert.That(
            shop.OurLog.Count(line => line.Contains("the service will send it again", StringComparison.Ordinal)),
            Is.EqualTo(row.Status is 408 or 413 or 415 or 500 or 503 ? 1 : 0));
        Assert.That((response.Head + "\r\n").Contains("\r\nAllow: POST\r\n", StringComparison.Ordinal), Is.EqualTo(response.Status == 405));
    }

    [Test]
    public async Task A_log_that_throws_changes_no_response()
    {
        await using var shop = await Shop.StartAsync(new Shop.Setup
        {
            Options = options => options.Businesses.Add(1),
            Services = services => services.AddSingleton<ILogger<NotificationEndpoint>>(new FakeLogger<NotificationEndpoint>(_ => throw new InvalidOperationException())),
        });
        shop.Recorder.Behavior = (_, _) => throw new InvalidOperationException();

        var refused = await shop.SendAsync(Raw.Post(Raw.Message, headers: "X-Forwarded-For: 5.45.207.1\r\n"));
        var malformed = await shop.PostAsync("hello");
        var ignored = await shop.PostAsync(Raw.Message.Replace("\"businessId\":1", "\"businessId\":2"));
        var failed = await shop.PostAsync(Raw.Message);

        Assert.That((refused.Status, malformed.Status, ignored.Status, failed.Status), Is.EqualTo((403, 400, 200, 500)));
        Assert.That(failed.Body, Does.Contain("The notification was not handled."));
    }

    [Test]
    public async Task A_metric_that_throws_changes_no_response()
    {
        await using var shop = await Shop.StartAsync();
        var meters = shop.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, it) =>
            {
                if (instrument.Meter.Name == ChatsNotificationTelemetry.MeterName && instrument.Meter.Scope == meters)
                {
                    it.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException());
        listener.Start();

        // The second request uses the same connection.
        var first = Encoding.UTF8.GetString(Raw.Post(Raw.Ping)).Replace("Connection: close\r\n", "", StringComparison.Ordinal);
        var responses = await shop.SendAsync(Encoding.UTF8.GetBytes(first), Raw.Post(Raw.Ping));

        Assert.That((responses.Head + responses.Body).Split("HTTP/1.1 200 OK"), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task Rejected_and_ignored_notifications_are_logged_without_their_body()
    {
        await using var shop = await Shop.StartAsync(options => options.Businesses.Add(5));

        await shop.SendAsync(Raw.Post(Raw.MessageOf(4711), headers: "X-Forwarded-For: 5.45.207.1\r\n"));
        await shop.PostAsync("""{"notificationType":"CHAT_MESSAGE_SENT","text":"4711"}""");
        await shop.PostAsync(Raw.Message);

        Assert.That(shop.OurLog.Count(line => line.Contains("127.0.0.1 is not an address of the service", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(shop.OurLog, Has.Some.Contains("Warning: ChatMessageSent of business 1 was ignored: the business is not configured"));
        Assert.That(shop.Log, Has.None.Contains("4711").And.Some.Contains("A malformed notification was rejected: ChatMessageSentNotification.businessId is missing"));
    }

    [Test]
    public async Task A_truncated_body_is_not_malformed_and_does_not_reach_the_handler()
    {
        await using var shop = await Shop.StartAsync();
        using var counted = new MetricCollector<long>(shop.Services.GetRequiredService<IMeterFactory>(), ChatsNotificationTelemetry.MeterName, "chats.notifications");
        (await RawRequest.OpenAsync(shop.Address.Port, Raw.Post(Raw.Message)[..^5])).Dispose();
        await counted.WaitForMeasurementsAsync(1, Until.Timeout);
        Assert.That(TelemetryTests.Tags(counted.LastMeasurement!.Tags), Is.EqualTo("none aborted"));
        Assert.That(shop.OurLog, Has.None.Contains("malformed"));

        var next = await shop.PostAsync(Raw.MessageOf(4));

        Assert.That((next.Status, shop.Recorder.Calls.Single()), Is.EqualTo((200, "message 1 2 4 2026-01-16T10:09:49.5000000+00:00")));
    }
}
