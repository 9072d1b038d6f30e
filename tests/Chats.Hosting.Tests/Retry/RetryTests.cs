using System.Security.Authentication;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class RetryTests
{
    private readonly ManualClock _clock = new();

    [TestCase(500, true, false)]
    [TestCase(503, true, false)]
    [TestCase(599, true, false)]
    [TestCase(408, true, false)]
    [TestCase(420, true, true)]
    [TestCase(429, true, true)]
    [TestCase(400, false, false)]
    [TestCase(404, false, false)]
    [TestCase(499, false, false)]
    [TestCase(600, false, false)]
    public async Task A_read_is_retried_after_a_failure_of_the_service_and_a_send_only_after_a_limit(int status, bool retriesReads, bool retriesSends)
    {
        (bool Read, bool Retries, string Error)[] calls =
            [(true, retriesReads, "no"), (false, retriesSends, "no"), (false, retriesSends, "Hit rate limit of '4' parallel requests for")];
        foreach (var (read, retries, error) in calls)
        {
            using var service = new StubHandler((request, attempt, _) => Task.FromResult(StubHandler.Response(request, attempt == 0 ? status : 200, error)));
            var seen = new List<int>();
            // No wait for the limits: the one between the attempts is enough for that of parallel calls.
            var hosting = new ChatsHostingOptions { MaxQuotaWait = TimeSpan.Zero };
            var client = Pipeline.Create(_clock, service, hosting: hosting, responseReceived: info => seen.Add(info.StatusCode));
            var failure = await _clock.FailureOfAsync(() => CallAsync(client, read));

            Assert.That((service.Calls, failure is null), Is.EqualTo((retries ? 2 : 1, retries)), $"read: {read}");
            Assert.That(seen, Is.EqualTo(retries ? new[] { status, 200 } : [status]), "Each response is reported once.");
            if (!retries)
            {
                Assert.That(failure, Is.InstanceOf<ChatsApiException>().With.Property("StatusCode").EqualTo(status));
            }
        }
    }

    private static IEnumerable<(Exception Thrown, bool IsNetwork)> Exceptions =>
    [
        (new HttpRequestException(), true),
        (new HttpIOException(HttpRequestError.ResponseEnded), true),
        (new EndOfStreamException(), true),
        (new OperationCanceledException(), true),
        (new TaskCanceledException("", new TimeoutException()), true),
        (new SocketException((int)SocketError.ConnectionReset), true),
        (new AuthenticationException(), true),
        (new ObjectDisposedException("System.Net.Sockets.NetworkStream"), true),
        (new ObjectDisposedException("System.Net.Http.HttpClient"), false),
        (new InvalidOperationException(), false),
        (new TimeoutException(), false),
        (new NotSupportedException(), false),
        (new InvalidDataException(), false),
        (new AggregateException(new IOException()), false),
    ];

    [TestCaseSource(nameof(Exceptions))]
    public async Task After_a_network_failure_a_read_is_retried_and_a_send_whose_body_was_not_read((Exception Thrown, bool IsNetwork) exception)
    {
        foreach (var (read, takesBytes) in new[] { (true, true), (false, false), (false, true) })
        {
            using var service = new StubHandler(async (request, attempt, _) =>
            {
                await (takesBytes ? StubHandler.ReadAsync(request) : Task.CompletedTask);
                return attempt == 0 ? throw exception.Thrown : StubHandler.Response(request, 200);
            });
            var failure = await FailureAsync(client => CallAsync(client, read), service);
            var retries = exception.IsNetwork && (read || !takesBytes);

            Assert.That((service.Calls, failure is null), Is.EqualTo((retries ? 2 : 1, retries)), $"read: {read}, bytes taken: {takesBytes}");
            if (!retries)
            {
                Assert.That(failure, Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").EqualTo(takesBytes && !read));
            }
        }
    }

    [Test]
    public async Task A_failure_to_connect_after_a_rejection_is_reported_as_not_sent()
    {
        using var service = new StubHandler(async (request, attempt, _) =>
        {
            if (attempt > 0)
            {
                throw new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused));
            }

            await StubHandler.ReadAsync(request);
            return StubHandler.Response(request, 420, "Hit rate limit of '4' parallel requests for");
        });

        var thrown = (ChatsConnectionException?)await FailureAsync(client => client.SendMessageToChatAsync(1, 2, "text"), service);

        Assert.That((service.Calls, thrown!.MayHaveBeenSent), Is.EqualTo((4, false)));
    }

    [TestCase("reads it", 1, true)]
    [TestCase("copies it", 0, false)]
    [TestCase("wraps it", 0, false)]
    public async Task A_text_that_is_rejected_and_then_accepted_is_retried_only_if_no_handler_replaced_it(
        string handler, int taken, bool mayHaveBeenSent)
    {
        List<string> texts = [];
        using var service = new StubHandler(async (request, attempt, token) =>
        {
            var body = await StubHandler.BodyAsync(request, token);
            if (attempt == 0)
            {
                return StubHandler.Response(request, 420, "Hit rate limit of '4' parallel requests for");
            }

            texts.Add($"{request.Content!.Headers.ContentType} {body}");
            throw new HttpRequestException("reset", new SocketException((int)SocketError.ConnectionReset));
        });
        using var foreign = new ForeignHandler(async (request, next, token) =>
        {
            var text = handler == "wraps it" ? "" : await request.Content!.ReadAsStringAsync(token);
            request.Content = handler switch
            {
                "reads it" => request.Content,
                "copies it" => new StringContent(text),
                // As one that compresses.
                _ => new MultipartContent { request.Content! },
            };
            return await next(request);
        })
        {
            InnerHandler = service,
        };

        var failure = (ChatsException?)await FailureAsync(client => client.SendMessageToChatAsync(1, 2, "text"), foreign);

        Assert.That(texts, Is.EqualTo(Enumerable.Repeat("""application/json {"message":"text"}""", taken)));
        Assert.That(failure, taken == 0 ? Is.TypeOf<ChatsRateLimitException>() : Is.InstanceOf<ChatsConnectionException>());
        Assert.That(failure!.MayHaveBeenSent, Is.EqualTo(mayHaveBeenSent));
    }

    private static IEnumerable<TestCaseData> Last =>
    [
        Row("that is good but cannot be read", _ => StubHandler.Json("<html>"), 15_000, 4, calls: 1, typeof(ChatsResponseException), 200),
        Row("to the only attempt", request => StubHandler.Response(request, 500), 15_000, 1, calls: 1, typeof(ChatsApiException), 500),
        // Delays of 150 and 300 milliseconds: the second one would outlast the call.
        Row("before a delay that is too long", request => StubHandler.Response(request, 500), 200, 4, calls: 2, typeof(ChatsApiException), 500),
        Row("with a delay that cannot be meant, which counts as none", InAHundredDays, Timeout.Infinite, 4, calls: 4, typeof(ChatsApiException), 503),
    ];

    [TestCaseSource(nameof(Last))]
    public async Task The_call_returns_the_last_response(
        Func<HttpRequestMessage, HttpResponseMessage> respond, int timeout, int maxAttempts, int calls, Type end, int status)
    {
        using var service = new StubHandler((request, _) => Task.FromResult(respond(request)));

        var failure = await FailureAsync(client => CallAsync(client, read: true), service, TimeSpan.FromMilliseconds(timeout), maxAttempts);

        Assert.That(service.Calls, Is.EqualTo(calls));
        Assert.That(failure, Is.TypeOf(end).With.Property("StatusCode").EqualTo(status));
    }

    [Test]
    public async Task A_limit_with_a_long_or_an_unknown_wait_reaches_the_caller_with_its_wait_and_its_errors([Values(30, null)] int? minutes, [Values] bool read)
    {
        var wait = minutes is { } known ? TimeSpan.FromMinutes(known) : (TimeSpan?)null;
        using var service = new StubHandler((request, _, _) => Task.FromResult(Limited(request, _clock.GetUtcNow(), wait)));

        var thrown = (ChatsRateLimitException?)await FailureAsync(client => CallAsync(client, read), service);

        Assert.That((service.Calls, thrown!.RetryAfter, thrown.Limit), Is.EqualTo((1, wait, ChatsLimitKind.Hourly)));
        Assert.That(thrown.Errors, Has.Count.EqualTo(1), "the handlers read the body, and the client must read it again");
    }

    [Test]
    public async Task A_short_wait_that_a_response_asks_for_is_honored([Values("a limit", "Retry-After in seconds", "Retry-After as a date")] string how)
    {
        var start = _clock.GetUtcNow();
        var wait = TimeSpan.FromSeconds(3);
        using var service = new StubHandler((request, attempt, _) =>
        {
            var response = attempt > 0 ? StubHandler.Response(request, 200)
                : how == "a limit" ? Limited(request, start, wait)
                : StubHandler.Response(request, 503);
            response.Headers.RetryAfter = how == "a limit" ? null : how == "Retry-After in seconds" ? new(wait) : new(start + wait);
            return Task.FromResult(response);
        });

        Assert.That(await FailureAsync(client => client.GetChatMessageAsync(1, 2, 3), service), Is.Null);
        // A date is in whole seconds.
        Assert.That(_clock.GetUtcNow() - start, Is.InRange(how.Contains("date") ? wait - TimeSpan.FromSeconds(1) : wait, wait));
    }

    [TestCase(1, 15, 10.15, null)]
    [TestCase(4, 60, 60, true)]
    public async Task An_attempt_of_a_read_that_takes_too_long_is_abandoned_and_retried_and_the_last_one_is_a_timeout(
        int stalling, int timeout, double seconds, bool? isTimeout)
    {
        var start = _clock.GetUtcNow();
        using var service = new StubHandler(async (request, attempt, token) =>
        {
            await _clock.DelayAsync(attempt < stalling ? Timeout.Infinite : 0, token);
            return StubHandler.Response(request, 200);
        });

        var thrown = await FailureAsync(client => client.GetChatMessageAsync(1, 2, 3), service, TimeSpan.FromSeconds(timeout));

        Assert.That((_clock.GetUtcNow() - start, (thrown as ChatsConnectionException)?.IsTimeout), Is.EqualTo((TimeSpan.FromSeconds(seconds), isTimeout)));
    }

    [Test]
    public async Task A_call_keeps_no_permit_while_it_waits_to_retry()
    {
        using var service = StubHandler.Responding(500, 500, 500, 500, 200);

        var failure = await FailureAsync(
            async client =>
            {
                var pausing = Enumerable.Range(1, 4).Select(id => client.GetChatMessageAsync(1, 2, id)).ToArray();
                var other = client.SendMessageToChatAsync(1, 2, "text");
                Assert.That(pausing.Append(other).Select(call => call.IsCompleted), Is.EqualTo([false, false, false, false, true]));
                await Task.WhenAll(pausing);
            },
            service);

        Assert.That(failure, Is.Null);
    }

    private static TestCaseData Row(
        string name, Func<HttpRequestMessage, HttpResponseMessage> respond, int timeout, int maxAttempts, int calls, Type end, int status) =>
        new TestCaseData(respond, timeout, maxAttempts, calls, end, status).SetArgDisplayNames(name);

    private static HttpResponseMessage InAHundredDays(HttpRequestMessage request)
    {
        var response = StubHandler.Response(request, 503);
        response.Headers.RetryAfter = new(TimeSpan.FromDays(100));
        return response;
    }

    private static Task CallAsync(IChatsClient client, bool read) =>
        read ? client.GetChatMessageAsync(1, 2, 3) : client.SendMessageToChatAsync(1, 2, "text");

    private async Task<Exception?> FailureAsync(
        Func<IChatsClient, Task> use, HttpMessageHandler service, TimeSpan? timeout = null, int maxAttempts = 4)
    {
        var client = Pipeline.Create(_clock, service, hosting: new ChatsHostingOptions { MaxAttempts = maxAttempts }, timeout: timeout);
        return await _clock.FailureOfAsync(() => use(client));
    }

    private static HttpResponseMessage Limited(HttpRequestMessage request, DateTimeOffset now, TimeSpan? wait)
    {
        var response = StubHandler.Response(request, 420, "Hit rate limit of '1000' requests per 'hour' for resource 'R'");
        if (wait is not null)
        {
            response.Headers.Date = now;
            response.Headers.Add("X-RateLimit-Resource-Limit", "1000");
            response.Headers.Add("X-RateLimit-Resource-Remaining", "0");
            response.Headers.Add("X-RateLimit-Resource-Until", (now + wait.Value).ToString("R", CultureInfo.InvariantCulture));
        }

        return response;
    }
}
