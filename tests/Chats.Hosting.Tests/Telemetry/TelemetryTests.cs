namespace YandexMarket.Chats.Hosting.Tests;

[NonParallelizable]
internal sealed class TelemetryTests
{
    private const string Key = "CANARY-key";
    private const string Text = "CANARY-text";

    private readonly ConcurrentQueue<string> _seen = new();
    private readonly ConcurrentQueue<Activity> _activities = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> _measurements = new();
    private readonly ConcurrentQueue<string> _instruments = new();
    private readonly FakeLoggerProvider _logs = new();

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
                await Assert.CatchAsync<ArgumentException>(() => client.SendMessageToChatAsync(11, 22, Text + "\ud800"));
            },
            Respond(200),
            Respond(200, "CANARY-message"),
            Respond(400, "rejected value: CANARY-echo"),
            _ => throw new HttpRequestException("CANARY-inner", new SocketException((int)SocketError.ConnectionReset)));

        var everything = _seen.Concat(_logs.Lines()).Concat(_measurements.Select(m => $"{m.Instrument} {m.Tags}")).ToArray();
        Assert.That(everything.Where(line => line.Contains("CANARY", StringComparison.Ordinal)), Is.Empty);
        // The collectors do collect.
        Assert.That(everything, Has.Some.Contains("sendMessageToChat").And.Some.Contains("chats.client.attempts"));
        Assert.That(_logs.Lines(), Has.Some.Contains("sendMessageToChat of business 11, chat 22"));
        Assert.That(Ours.Count(), Is.EqualTo(4), "An invalid argument is not recorded as a call.");
        Assert.That(_logs.Lines().Count(line => line.Contains("business 11")), Is.EqualTo(4));
        Assert.That(_logs.Lines().Where(line => line.Contains("System.Net.Http")), Has.Some.Contains("HttpClient.other").And.All.Contains("HttpClient.other"));
    }

    [Test]
    public async Task A_response_that_is_not_HTTP_is_quoted_nowhere([Values] bool withSocketsHandlerOfTheApplication)
    {
        await using var server = RawServer.Responding("CANARY garbage\r\n\r\n");
        using var activities = Listen();
        await using (var provider = Container.Build(services =>
        {
            services.LogTo(_logs);
            var client = services.AddChatsClient(options => (options.ApiKey, options.BaseAddress) = (Key, server.Address));
            // It logs the exception that it sees.
            client.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.FromMilliseconds(1));
            if (withSocketsHandlerOfTheApplication)
            {
                client.UseSocketsHttpHandler();
            }
        }))
        {
            await Ignore(() => provider.Client().SendMessageToChatAsync(11, 22, Text));
        }

        Assert.That(server.Record.Texts, Is.EqualTo([Text]));
        Assert.That(_logs.Lines(), Has.Some.StartsWith("Polly Warning"));
        Assert.That(_activities, Has.Some.Property(nameof(Activity.DisplayName)).StartsWith("POST /businesses"));
        Assert.That(_logs.Lines().Where(line => line.Contains("CANARY", StringComparison.Ordinal)), Is.Empty);
#if CHATS_NETSTANDARD
        // That build knows no way to turn off the activity that a newer .NET adds of its own: docs/hosting.md says so.
        Assert.That(Ours.SelectMany(Words), Has.None.Contains("CANARY"));
#else
        Assert.That(_seen, Has.None.Contains("CANARY"));
        Assert.That(server.Record.Heads, Has.None.Contains("traceparent"));
#endif
    }

    [Test]
    public async Task A_call_is_one_activity_with_its_retries_as_events_and_its_duration_attempts_error_responses_and_quota_are_measured()
    {
        await ObserveAsync(client => client.GetChatMessageAsync(11, 22, 33), Respond(500), Respond(200));

        var activity = Ours.Single();
        var tags = activity.TagObjects.ToDictionary();
        Assert.That((activity.DisplayName, activity.Status), Is.EqualTo(("GET /businesses/{businessId}/chats/message", ActivityStatusCode.Unset)));
        Assert.That(
            (tags["http.response.status_code"], tags["url.full"]),
            Is.EqualTo((200, "https://api.partner.market.yandex.ru/v2/businesses/11/chats/message?chatId=22&messageId=33")));
        Assert.That(
            (tags["chats.operation"], tags["chats.business.id"], tags["http.request.method"], tags["server.address"]),
            Is.EqualTo(("getChatMessage", 11L, "GET", "api.partner.market.yandex.ru")));
        var retry = activity.Events.Single();
        Assert.That((retry.Name, retry.Tags.ToDictionary()["error.type"]), Is.EqualTo(("chats.attempt", "500")));
        Assert.That((Sum("chats.client.attempts", ""), Sum("chats.client.error_responses", "http.response.status_code=500")), Is.EqualTo((2, 1)));
        Assert.That(_measurements.Count(m => m.Instrument == "chats.client.call.duration"), Is.EqualTo(1));
        Assert.That(Sum("chats.client.quota.remaining", "chats.business.id=11"), Is.EqualTo(999), "a 500 without headers is not counted");
    }

    [Test]
    public async Task A_handler_in_front_sees_each_call_once_and_takes_no_event_for_its_activity_and_one_behind_sees_every_attempt()
    {
        using var theirs = new ActivitySource("of the application");
        using var network = StubHandler.Responding(503, 200);
        using var activities = Listen();
        var attempts = 0;
        await using var provider = Container.Over(network, client => client.AddInFront(async (request, next, _) =>
        {
            using var activity = theirs.StartActivity();
            return await next(request);
        }).AddBehind(ForeignHandler.Before(() => attempts++)).ConfigureChatsHosting(options => options.RetryDelay = TimeSpan.FromMilliseconds(10)));

        await provider.Client().GetChatMessageAsync(1, 2, 3);

        Assert.That(
            _activities.Select(it => (it.Source.Name, it.Events.Count())),
            Is.EquivalentTo(new[] { ("of the application", 0), (ChatsTelemetry.ActivitySourceName, 1) }));
        Assert.That(attempts, Is.EqualTo(2));
    }

    [Test]
    public async Task A_meter_listener_that_throws_does_not_take_the_failure_from_the_activity()
    {
        using var network = StubHandler.Responding(404);
        using var activities = Listen();
        await using var provider = Container.Over(network);
        using var meters = Measure(provider.GetRequiredService<IMeterFactory>());
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException());

        await Ignore(() => provider.Client().GetChatMessageAsync(1, 2, 3));

        Assert.That((Ours.Single().Status, Ours.Single().GetTagItem("error.type")), Is.EqualTo((ActivityStatusCode.Error, "404")));
    }

    [TestCase(500, "500", "00-trace")]
    [TestCase(null, "ChatsConnectionException", null)]
    public async Task A_failed_send_says_whether_it_may_have_been_sent_and_its_request_id(int? status, string type, string? trace)
    {
        await ObserveAsync(
            client => Ignore(() => client.SendMessageToChatAsync(11, 22, Text)), status is { } code ? Respond(code) : _ => throw new FormatException());

        var activity = Ours.Single();
        var tags = activity.TagObjects.ToDictionary();
        Assert.That(activity.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(tags["error.type"], Does.EndWith(type));
        Assert.That(tags.GetValueOrDefault("http.response.status_code"), Is.EqualTo(status));
        Assert.That(tags["chats.may_have_been_sent"], Is.True);
        Assert.That(tags.GetValueOrDefault("chats.trace_parent"), Is.EqualTo(trace));
        Assert.That(_logs.Lines(), Has.Some.Contains($"{type} after").And.Contains($"may have been sent: True; request id: {trace ?? "none"}"));
    }

    [Test]
    public async Task The_page_names_every_instrument_and_every_attribute_and_where_it_is()
    {
        await ObserveAsync(
            async client =>
            {
                await client.GetChatMessageAsync(11, 22, 33);
                await Ignore(() => client.GetChatMessageAsync(11, 22, 33));
                using var end = new CancellationTokenSource();
                // More than there are places for: one waits.
                var sends = Enumerable.Range(0, 5).Select(_ => Ignore(() => client.SendMessageToChatAsync(11, 22, Text, end.Token))).ToArray();
                await end.CancelAsync();
                await Task.WhenAll(sends);
            },
            Respond(500),
            Respond(200),
            Respond(404),
            Stall);

        var events = Ours.SelectMany(activity => activity.Events).ToArray();
        var places = Ours.SelectMany(activity => activity.TagObjects).Select(tag => (tag.Key, Place: "activity"))
            .Concat(_measurements.SelectMany(m => m.Tags.Split(", ")).Select(tag => (Key: tag.Split('=')[0], Place: "instruments")))
            .Concat(events.SelectMany(e => e.Tags).Select(tag => (tag.Key, Place: "events")))
            .Distinct()
            .GroupBy(pair => pair.Key, pair => pair.Place)
            .Select(group => $"{group.Key}: {string.Join(", ", group)}");

        var page = Pages.Read("docs/hosting.md");
        Assert.That(
            page.Table("attribute").SelectMany(cells => MarkdownPage.CodesOf(cells[0]).Select(name => $"{name}: {cells[1]}")),
            Is.EquivalentTo(places));
        Assert.That(page.Table("instrument").Select(cells => $"{cells[0]}: {cells[1]}"), Is.EquivalentTo(_instruments));
        Assert.That(events.Select(e => e.Name).Distinct(), Is.EquivalentTo(["chats.attempt", "chats.quota.wait"]));
        Assert.That(Sum("chats.client.attempts", ""), Is.EqualTo(7), "the call that was canceled while it waited made none");
        Assert.That(
            _measurements.Where(m => m.Instrument == "chats.client.attempts" && m.Tags.Contains("sendMessageToChat")).Select(m => m.Tags),
            Has.Exactly(4).Items.And.None.Contains("error.type"), "a canceled attempt is not a network failure");
    }

    private IEnumerable<Activity> Ours => _activities.Where(activity => activity.Source.Name == ChatsTelemetry.ActivitySourceName);

    private double Sum(string instrument, string tag) => _measurements
        .Where(m => m.Instrument == instrument && m.Tags.Contains(tag, StringComparison.Ordinal)).Sum(m => m.Value);

    private static Func<HttpRequestMessage, HttpResponseMessage> Respond(int status, string text = "no") =>
        request =>
        {
            var response = StubHandler.Response(request, status, text);
            response.Headers.Add("traceparent", "00-trace");
            return response;
        };

    /// <summary>How it ends is tested elsewhere: what it leaves behind is what matters.</summary>
    private static async Task Ignore(Func<Task> call) => await call().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>No response until the call is canceled.</summary>
    private static HttpResponseMessage Stall(HttpRequestMessage request) => throw new NotSupportedException();

    private async Task ObserveAsync(Func<IChatsClient, Task> use, params Func<HttpRequestMessage, HttpResponseMessage>[] responses)
    {
        var clock = new ManualClock();
        using var service = new StubHandler(async (request, attempt, token) =>
        {
            await StubHandler.ReadAsync(request).ConfigureAwait(false);
            var respond = responses[Math.Min(attempt, responses.Length - 1)];
            if (respond == Stall)
            {
                await clock.DelayAsync(Timeout.Infinite, token).ConfigureAwait(false);
            }

            return respond(request);
        });
        await using var provider = Container.Over(
            service,
            client => client.AddDefaultLogger(),
            services =>
            {
                services.AddSingleton<TimeProvider>(clock).LogTo(_logs).ConfigureHttpClientDefaults(http => http.AddDefaultLogger());
                services.AddHttpClient("other").ConfigurePrimaryHttpMessageHandler(() => StubHandler.Responding(200));
            },
            Key);
        using var activities = Listen();
        using var meters = Measure(provider.GetRequiredService<IMeterFactory>());
        Assert.That(await clock.FailureOfAsync(() => use(provider.Client())), Is.Null);
        meters.RecordObservableInstruments();
        using var other = provider.GetRequiredService<IHttpClientFactory>().CreateClient("other");
        await other.GetAsync(new Uri("https://service.example/"));
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
                Array.ForEach([.. Words(activity)], _seen.Enqueue);
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
                    _instruments.Enqueue($"`{instrument.Name}`: {instrument.Unit}");
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
