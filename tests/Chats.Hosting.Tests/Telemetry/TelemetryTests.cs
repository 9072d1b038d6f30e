using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Hosting.Tests;

[NonParallelizable]
internal sealed partial class TelemetryTests
{
    private const string Key = "CANARY-key";
    private const string Text = "CANARY-text";

    private readonly ConcurrentQueue<string> _seen = new();
    private readonly ConcurrentQueue<Activity> _activities = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> _measurements = new();
    private readonly LogCollector _logs = new();

    [Test]
    public async Task Neither_a_key_nor_a_text_is_in_a_log_an_activity_or_a_metric()
    {
        await ObserveAsync(
            async client =>
            {
                await Ignore(() => client.SendMessageToChatAsync(11, 22, Text));
                await Ignore(() => client.GetChatMessageAsync(11, 22, 33));
                await Ignore(() => client.SendMessageToChatAsync(11, 22, Text));
                await Ignore(() => client.SendMessageToChatAsync(11, 22, Text));
                await Ignore(() => client.SendMessageToChatAsync(11, 22, Text + "\ud800"));
            },
            Answer(200),
            Answer(200, "CANARY-answer"),
            Answer(400, "rejected value: CANARY-echo"),
            _ => throw new HttpRequestException("CANARY-inner", new SocketException((int)SocketError.ConnectionReset)));

        var everything = _seen.Concat(_logs.Lines).Concat(_measurements.Select(m => $"{m.Instrument} {m.Tags}")).ToArray();
        Assert.That(everything.Where(line => line.Contains("CANARY", StringComparison.Ordinal)), Is.Empty);
        // The collectors do collect.
        Assert.That(everything, Has.Some.Contains("sendMessageToChat").And.Some.Contains("chats.client.attempts"));
        Assert.That(_logs.Lines, Has.Some.Contains("sendMessageToChat of business 11, chat 22"));
    }

    [Test]
    public async Task An_answer_that_is_no_HTTP_is_quoted_nowhere()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeGarbageAsync(listener);
        using var activities = Listen();
        await using (var provider = RegistrationTests.Build(services =>
        {
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs));
            services.AddChatsClient(options => (options.ApiKey, options.BaseAddress) = (Key, new Uri($"http://{listener.LocalEndpoint}/")));
        }))
        {
            await Ignore(() => provider.GetRequiredService<IChatsClient>().SendMessageToChatAsync(11, 22, Text));
        }

        Assert.That(await served, Does.Contain(Text));
        Assert.That(_activities, Has.Some.Property(nameof(Activity.DisplayName)).StartsWith("POST /businesses"));
        Assert.That(_logs.Lines.Where(line => line.Contains("CANARY", StringComparison.Ordinal)), Is.Empty);
#if CHATS_NETSTANDARD
        // That build knows no way to turn off the activity that a newer .NET adds of its own: docs/hosting.md says so.
        Assert.That(_activities.Where(activity => activity.Source.Name == ChatsTelemetry.ActivitySourceName).SelectMany(Words), Has.None.Contains("CANARY"));
#else
        Assert.That(_seen, Has.None.Contains("CANARY"));
        Assert.That(await served, Does.Not.Contain("traceparent"));
#endif
    }

    [Test]
    public async Task A_call_is_one_activity_with_its_repetitions_as_events()
    {
        await ObserveAsync(client => client.GetChatMessageAsync(11, 22, 33), Answer(500), Answer(200));

        var activity = _activities.Single(activity => activity.Source.Name == ChatsTelemetry.ActivitySourceName);
        var tags = activity.TagObjects.ToDictionary();
        Assert.That(activity.DisplayName, Is.EqualTo("GET /businesses/{businessId}/chats/message"));
        Assert.That(activity.Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(tags["chats.operation"], Is.EqualTo("getChatMessage"));
        Assert.That(tags["chats.business.id"], Is.EqualTo(11));
        Assert.That(tags["http.request.method"], Is.EqualTo("GET"));
        Assert.That(tags["server.address"], Is.EqualTo("api.partner.market.yandex.ru"));
        var repetition = activity.Events.Single();
        Assert.That(repetition.Name, Is.EqualTo("chats.attempt"));
        Assert.That(repetition.Tags.ToDictionary()["error.type"], Is.EqualTo("500"));
    }

    [Test]
    public async Task A_failed_send_says_whether_it_may_have_been_sent()
    {
        await ObserveAsync(client => Ignore(() => client.SendMessageToChatAsync(11, 22, Text)), Answer(500));

        var activity = _activities.Single(activity => activity.Source.Name == ChatsTelemetry.ActivitySourceName);
        var tags = activity.TagObjects.ToDictionary();
        Assert.That(activity.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(tags["error.type"], Is.EqualTo("500"));
        Assert.That(tags["http.response.status_code"], Is.EqualTo(500));
        Assert.That(tags["chats.may_have_been_sent"], Is.True);
        Assert.That(_logs.Lines, Has.Some.Contains("500 after").And.Contains("may have been sent: True"));
    }

    [Test]
    public async Task A_handler_that_throws_after_it_read_the_body_leaves_the_doubt()
    {
        await ObserveAsync(
            async client => await Assert.ThrowsAsync<ChatsConnectionException>(() => client.SendMessageToChatAsync(11, 22, Text)),
            _ => throw new FormatException());

        var tags = _activities.Single(activity => activity.Source.Name == ChatsTelemetry.ActivitySourceName).TagObjects.ToDictionary();
        Assert.That(tags["chats.may_have_been_sent"], Is.True);
        Assert.That(_logs.Lines, Has.Some.Contains("ChatsConnectionException after").And.Contains("may have been sent: True"));
    }

    [Test]
    public async Task A_wrong_argument_is_no_call()
    {
        await ObserveAsync(
            async client => await Assert.CatchAsync<ArgumentException>(() => client.SendMessageToChatAsync(11, 22, "")), Answer(200));

        Assert.That(_logs.Lines, Is.Empty);
        Assert.That(_activities.Where(activity => activity.Source.Name == ChatsTelemetry.ActivitySourceName), Is.Empty);
    }

    [Test]
    public async Task A_call_that_left_while_it_waited_for_its_place_made_no_attempt()
    {
        await ObserveAsync(
            async client =>
            {
                using var end = new CancellationTokenSource();
                // One that is held up, and so keeps the only place.
                var sends = Enumerable.Range(0, 5).Select(_ => Ignore(() => client.SendMessageToChatAsync(11, 22, Text, end.Token))).ToArray();
                await end.CancelAsync();
                await Task.WhenAll(sends);
            },
            Stall);

        Assert.That(Sum("chats.client.attempts", ""), Is.EqualTo(4));
    }

    [Test]
    public async Task Duration_attempts_refusals_and_quota_left_are_measured()
    {
        await ObserveAsync(client => client.GetChatMessageAsync(11, 22, 33), Answer(500), Answer(200));

        Assert.That(Sum("chats.client.attempts", ""), Is.EqualTo(2));
        Assert.That(Sum("chats.client.refusals", "http.response.status_code=500"), Is.EqualTo(1));
        Assert.That(_measurements.Count(m => m.Instrument == "chats.client.call.duration"), Is.EqualTo(1));
        Assert.That(Sum("chats.client.quota.remaining", "chats.business.id=11"), Is.EqualTo(999), "a 500 without headers is not counted");
    }

    private double Sum(string instrument, string tag) => _measurements
        .Where(m => m.Instrument == instrument && m.Tags.Contains(tag, StringComparison.Ordinal)).Sum(m => m.Value);

    private static async Task<string> ServeGarbageAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var request = "";
        var buffer = new byte[4096];
        while (!request.Contains(Text, StringComparison.Ordinal))
        {
            request += System.Text.Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer));
        }

        await stream.WriteAsync("CANARY garbage\r\n\r\n"u8.ToArray());
        return request;
    }

    private static Func<HttpRequestMessage, HttpResponseMessage> Answer(int status, string text = "no") =>
        request => StubHandler.Answer(request, status, text);

    private static async Task Ignore(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (exception is ChatsException or ArgumentException or OperationCanceledException)
        {
            // What it leaves behind is what matters.
        }
    }

    /// <summary>In place of an answer: none, until the caller has gone.</summary>
    private static HttpResponseMessage Stall(HttpRequestMessage request) => throw new NotSupportedException();

    private async Task ObserveAsync(Func<IChatsClient, Task> use, params Func<HttpRequestMessage, HttpResponseMessage>[] answers)
    {
        var clock = new ManualClock();
        using var service = new StubHandler(async (request, attempt, token) =>
        {
            await StubHandler.ReadAsync(request).ConfigureAwait(false);
            var answer = answers[Math.Min(attempt, answers.Length - 1)];
            if (answer == Stall)
            {
                await clock.DelayAsync(Timeout.Infinite, token).ConfigureAwait(false);
            }

            return answer(request);
        });
        await using var provider = RegistrationTests.Build(services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs));
            services.AddChatsClient(options => options.ApiKey = Key).ConfigurePrimaryHttpMessageHandler(() => service);
        });
        using var activities = Listen();
        using var meters = Measure(provider.GetRequiredService<IMeterFactory>());
        var client = provider.GetRequiredService<IChatsClient>();
        var call = Task.CompletedTask;
        ManualClock.Run(() => call = use(client));
        clock.RunWhile(() => !call.IsCompleted);
        await call;
        meters.RecordObservableInstruments();
    }

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                _activities.Enqueue(activity);
                foreach (var word in Words(activity))
                {
                    _seen.Enqueue(word);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static IEnumerable<string> Words(Activity activity) => activity.TagObjects
        .Concat(activity.Baggage.Select(item => new KeyValuePair<string, object?>(item.Key, item.Value)))
        .Concat(activity.Events.SelectMany(e => e.Tags.Append(new(e.Name, null))))
        .Select(tag => $"{tag.Key}={tag.Value}")
        .Append(activity.DisplayName + activity.StatusDescription);

    private MeterListener Measure(IMeterFactory meters)
    {
        // Other containers have meters of this name, too.
        var ours = meters.Create(ChatsTelemetry.MeterName);
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == ours.Scope || instrument.Meter == ours)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _measurements.Enqueue(
        (instrument.Name, value, string.Join(", ", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
}
