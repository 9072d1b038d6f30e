using System.Net.Sockets;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class RetryTests
{
    private readonly ManualClock _clock = new();

    [TestCase(500)]
    [TestCase(503)]
    [TestCase(599)]
    [TestCase(408)]
    public async Task A_read_is_repeated_and_a_send_is_not(int status)
    {
        using var reads = new StubHandler(status, 200);
        using var sends = new StubHandler(status, 200);

        await EndAsync(() => Client(reads).GetChatMessageAsync(1, 2, 3));
        var thrown = await FailsAsync<ChatsApiException>(() => EndAsync(() => Client(sends).SendMessageToChatAsync(1, 2, "text")));

        Assert.That((reads.Requests, sends.Requests, thrown.MayHaveBeenSent), Is.EqualTo((2, 1, true)));
    }

    [Test]
    public async Task A_send_is_repeated_after_a_limit_and_after_a_failure_to_connect()
    {
        using var service = new StubHandler(async (request, attempt, _) =>
        {
            if (attempt == 1)
            {
                throw Refused();
            }

            await StubHandler.ReadAsync(request);
            return StubHandler.Answer(request, attempt == 0 ? 420 : 200, "Hit rate limit of '4' parallel requests for");
        });

        await EndAsync(() => Client(service).SendMessageToChatAsync(1, 2, "text"));

        Assert.That(service.Requests, Is.EqualTo(3));
    }

    [Test]
    public async Task A_failure_to_connect_after_a_refusal_is_told_as_not_sent()
    {
        using var service = new StubHandler(async (request, attempt, _) =>
        {
            if (attempt > 0)
            {
                throw Refused();
            }

            await StubHandler.ReadAsync(request);
            return StubHandler.Answer(request, 420, "Hit rate limit of '4' parallel requests for");
        });

        var thrown = await FailsAsync<ChatsConnectionException>(() => EndAsync(() => Client(service).SendMessageToChatAsync(1, 2, "text")));

        Assert.That((service.Requests, thrown.MayHaveBeenSent), Is.EqualTo((4, false)));
    }

    [Test]
    public async Task A_send_whose_bytes_may_have_left_is_never_repeated()
    {
        using var service = new StubHandler(async (request, _, _) =>
        {
            await StubHandler.ReadAsync(request);
            throw Refused();
        });

        var thrown = await FailsAsync<ChatsConnectionException>(() => EndAsync(() => Client(service).SendMessageToChatAsync(1, 2, "text")));

        Assert.That((service.Requests, thrown.MayHaveBeenSent), Is.EqualTo((1, true)));
    }

    [Test]
    public async Task A_good_answer_that_cannot_be_understood_is_never_repeated()
    {
        using var service = new StubHandler((request, _, _) =>
        {
            var response = StubHandler.Answer(request, 200);
            response.Content = new StringContent("<html>");
            return Task.FromResult(response);
        });

        await FailsAsync<ChatsResponseException>(() => EndAsync(() => Client(service).GetChatMessageAsync(1, 2, 3)));

        Assert.That(service.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task A_pause_that_would_outlast_the_call_is_not_begun_so_that_the_answer_is_not_lost()
    {
        using var service = new StubHandler(500);

        var thrown = await FailsAsync<ChatsApiException>(
            () => EndAsync(() => Client(service, timeout: TimeSpan.FromMilliseconds(200)).GetChatMessageAsync(1, 2, 3)));

        // Pauses of 150 and 300 milliseconds: the second does not fit.
        Assert.That((service.Requests, thrown.StatusCode), Is.EqualTo((2, 500)));
    }

    [Test]
    public async Task A_limit_with_a_long_wait_reaches_the_caller_with_its_wait_and_its_errors()
    {
        using var service = new StubHandler((request, _, _) =>
            Task.FromResult(Limited(request, _clock.GetUtcNow(), TimeSpan.FromMinutes(30))));

        var thrown = await FailsAsync<ChatsRateLimitException>(() => EndAsync(() => Client(service).SendMessageToChatAsync(1, 2, "text")));

        Assert.That((service.Requests, thrown.RetryAfter, thrown.Limit), Is.EqualTo((1, TimeSpan.FromMinutes(30), ChatsLimitKind.Hourly)));
        Assert.That(thrown.Errors, Has.Count.EqualTo(1), "the handlers read the body, and the client must read it again");
    }

    [Test]
    public async Task A_limit_with_a_short_wait_is_waited_for()
    {
        var start = _clock.GetUtcNow();
        using var service = new StubHandler((request, attempt, _) => Task.FromResult(
            attempt == 0 ? Limited(request, _clock.GetUtcNow(), TimeSpan.FromSeconds(2)) : StubHandler.Answer(request, 200)));

        await EndAsync(() => Client(service).GetChatMessageAsync(1, 2, 3));

        Assert.That(_clock.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public async Task The_header_Retry_After_is_waited_for_in_seconds_and_as_a_date([Values] bool asDate)
    {
        var start = _clock.GetUtcNow();
        using var service = new StubHandler((request, attempt, _) =>
        {
            var response = StubHandler.Answer(request, attempt == 0 ? 503 : 200);
            response.Headers.RetryAfter = asDate ? new(_clock.GetUtcNow() + TimeSpan.FromSeconds(3)) : new(TimeSpan.FromSeconds(3));
            return Task.FromResult(response);
        });

        await EndAsync(() => Client(service).GetChatMessageAsync(1, 2, 3));

        // A date is in whole seconds.
        Assert.That(_clock.GetUtcNow() - start, Is.InRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)));
    }

    [Test]
    public async Task An_attempt_of_a_read_that_takes_too_long_is_given_up_and_repeated()
    {
        var start = _clock.GetUtcNow();
        using var service = new StubHandler(async (request, attempt, token) =>
        {
            await _clock.DelayAsync(attempt == 0 ? Timeout.Infinite : 0, token);
            return StubHandler.Answer(request, 200);
        });

        await EndAsync(() => Client(service).GetChatMessageAsync(1, 2, 3));

        Assert.That(_clock.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromMilliseconds(10_150)));
    }

    [Test]
    public async Task An_attempt_that_took_too_long_and_was_the_last_is_told_as_a_time_out()
    {
        using var service = new StubHandler(async (request, _, token) =>
        {
            await _clock.DelayAsync(Timeout.Infinite, token);
            return StubHandler.Answer(request, 200);
        });

        var thrown = await FailsAsync<ChatsConnectionException>(
            () => EndAsync(() => Client(service, timeout: TimeSpan.FromSeconds(60)).GetChatMessageAsync(1, 2, 3)));

        Assert.That((service.Requests, thrown.IsTimeout), Is.EqualTo((4, true)));
    }

    [Test]
    public async Task A_call_that_pauses_keeps_no_place()
    {
        using var service = new StubHandler(async (request, attempt, _) =>
        {
            await StubHandler.ReadAsync(request);
            return StubHandler.Answer(request, attempt < 4 ? 500 : 200);
        });
        var client = Client(service);

        await EndAsync(async () =>
        {
            var pausing = Enumerable.Range(1, 4).Select(id => client.GetChatMessageAsync(1, 2, id)).ToArray();
            var other = client.SendMessageToChatAsync(1, 2, "text");
            Assert.That(pausing.Append(other).Select(call => call.IsCompleted), Is.EqualTo([false, false, false, false, true]));
            await Task.WhenAll(pausing);
        });
    }

    [Test]
    public async Task With_one_attempt_nothing_is_repeated()
    {
        using var service = new StubHandler(500);

        await FailsAsync<ChatsApiException>(() => EndAsync(() => Client(service, maxAttempts: 1).GetChatMessageAsync(1, 2, 3)));

        Assert.That(service.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task A_delay_that_no_timer_can_count_ends_the_call_with_its_response()
    {
        using var service = new StubHandler((request, _, _) =>
        {
            var response = StubHandler.Answer(request, 503, "");
            response.Headers.RetryAfter = new(TimeSpan.FromDays(100));
            return Task.FromResult(response);
        });

        var thrown = await FailsAsync<ChatsApiException>(
            () => EndAsync(() => Client(service, Timeout.InfiniteTimeSpan).GetChatMessageAsync(1, 2, 3)));

        Assert.That((service.Requests, thrown.StatusCode), Is.EqualTo((1, 503)));
    }

    [Test]
    public async Task Each_response_of_a_call_is_reported_once()
    {
        var seen = new List<int>();
        using var service = new StubHandler(500, 503, 200);
        var client = Pipeline.Create(
            _clock,
            service,
            Pipeline.Limiter(_clock, 1000),
            new ChatsHostingOptions(),
            TimeSpan.FromSeconds(15),
            responseReceived: info => seen.Add(info.StatusCode));

        await EndAsync(() => client.GetChatMessageAsync(1, 2, 3));

        Assert.That(seen, Is.EqualTo([500, 503, 200]));
    }

    private IChatsClient Client(HttpMessageHandler service, TimeSpan? timeout = null, int maxAttempts = 4) => Pipeline.Create(
        _clock,
        service,
        Pipeline.Limiter(_clock, 1000),
        new ChatsHostingOptions { MaxAttempts = maxAttempts },
        timeout ?? TimeSpan.FromSeconds(15));

    private static HttpRequestException Refused() => new("refused", new SocketException((int)SocketError.ConnectionRefused));

    private static HttpResponseMessage Limited(HttpRequestMessage request, DateTimeOffset now, TimeSpan wait)
    {
        var response = StubHandler.Answer(request, 420, "Hit rate limit of '1000' requests per 'hour' for resource 'R'");
        response.Headers.Date = now;
        response.Headers.Add("X-RateLimit-Resource-Limit", "1000");
        response.Headers.Add("X-RateLimit-Resource-Remaining", "0");
        response.Headers.Add("X-RateLimit-Resource-Until", (now + wait).ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        return response;
    }

    private static async Task<T> FailsAsync<T>(Func<Task> call)
        where T : Exception => (await Assert.ThrowsAsync<T>(() => call()))!;

    private async Task EndAsync(Func<Task> start)
    {
        var call = Task.CompletedTask;
        ManualClock.Run(() => call = start());
        _clock.RunWhile(() => !call.IsCompleted);
        await call;
    }
}
