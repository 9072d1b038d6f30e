using YandexMarket.Chats.Tests.Faults;
using YandexMarket.Chats.Tests.Support;

namespace YandexMarket.Chats.Tests.Client;

/// <summary>One limit of time for the whole call, in virtual time: nothing here waits for a clock on the wall.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeadlineTests
{
    private readonly ManualClock _clock = new();

    [Test]
    public async Task The_time_is_over_after_15_seconds_and_not_before([Values] bool read, [Values] bool bytesWereAsked)
    {
        var token = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var client = Clients.Over(
            new AnswerHandler(async (request, cancellation) =>
            {
                if (bytesWereAsked && request.Content is not null)
                {
                    await request.Content.CopyToAsync(Stream.Null, cancellation);
                }

                token.SetResult(cancellation);
                await Task.Delay(Timeout.Infinite, cancellation);
                throw new InvalidOperationException("It cannot come to this.");
            }),
            options => options.TimeProvider = _clock);
        var call = client.CallAsync(read);
        var seen = await token.Task;

        _clock.Advance(TimeSpan.FromSeconds(15) - TimeSpan.FromTicks(1));
        Assert.That(seen.IsCancellationRequested, Is.False);
        _clock.Advance(TimeSpan.FromTicks(1));

        await AssertTimedOutAsync(call, mayHaveBeenSent: !read && bytesWereAsked);
    }

    [TestCase("", TestName = "A_stall_before_the_answer_is_ended")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Ty", TestName = "A_stall_inside_the_headers_is_ended")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n", TestName = "A_stall_before_the_body_is_ended")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"O", TestName = "A_stall_inside_the_body_is_ended")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nF\r\n{\"status\":\"OK\"}\r\n", TestName = "A_stall_before_the_last_chunk_is_ended")]
    public async Task A_stall_is_ended(string beginning)
    {
        await using var server = RawServer.Stalling(beginning);
        using var client = Clients.At(server.BaseAddress, options => (options.TimeProvider, options.Timeout) = (_clock, TimeSpan.FromSeconds(3)));
        var read = client.CallAsync(read: true);
        var send = client.CallAsync(read: false);
        await server.FirstRequest;
        while (server.Requests.Count < 2)
        {
            await Task.Yield();
        }

        _clock.Advance(TimeSpan.FromSeconds(3));

        await AssertTimedOutAsync(read, mayHaveBeenSent: false);
        await AssertTimedOutAsync(send, mayHaveBeenSent: true);
    }

    [TestCase(400, false)]
    [TestCase(500, true)]
    public async Task A_status_that_has_come_decides_though_its_body_stalls(int status, bool mayHaveBeenSent)
    {
        var bodyIsAwaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var client = Clients.Over(
            new AnswerHandler((_, _) => Task.FromResult(
                new HttpResponseMessage((System.Net.HttpStatusCode)status) { Content = new StreamContent(new StallingStream(bodyIsAwaited)) })),
            options => options.TimeProvider = _clock);
        var call = client.CallAsync(read: false);
        await bodyIsAwaited.Task;

        _clock.Advance(TimeSpan.FromSeconds(15));

        var exception = await Assert.ThrowsAsync<ChatsApiException>(() => call);
        Assert.That((exception!.StatusCode, exception.MayHaveBeenSent, exception.Errors.Count), Is.EqualTo((status, mayHaveBeenSent, 0)));
    }

    [Test]
    public async Task A_key_provider_that_stalls_is_ended_or_left_behind([Values] bool listensToItsToken)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = new AnswerHandler();
        using var client = Clients.Over(handler, options =>
        {
            options.TimeProvider = _clock;
            options.ApiKey = null;
            options.ApiKeyProvider = async cancellation =>
            {
                asked.SetResult();
                await Task.Delay(Timeout.Infinite, listensToItsToken ? cancellation : CancellationToken.None);
                return "key";
            };
        });
        var call = client.CallAsync(read: false);
        await asked.Task;

        _clock.Advance(TimeSpan.FromSeconds(15));

        await AssertTimedOutAsync(call, mayHaveBeenSent: false);
        Assert.That(handler.Calls, Is.Zero);
    }

    [Test]
    public async Task The_time_of_the_key_provider_counts()
    {
        var token = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var client = Clients.Over(
            new AnswerHandler(async (_, cancellation) =>
            {
                token.SetResult(cancellation);
                await Task.Delay(Timeout.Infinite, cancellation);
                throw new InvalidOperationException("It cannot come to this.");
            }),
            options =>
            {
                options.TimeProvider = _clock;
                options.ApiKey = null;
                options.ApiKeyProvider = _ =>
                {
                    _clock.Advance(TimeSpan.FromSeconds(10));
                    return new("key");
                };
            });
        var call = client.CallAsync(read: false);
        await token.Task;

        _clock.Advance(TimeSpan.FromSeconds(5));

        await AssertTimedOutAsync(call, mayHaveBeenSent: false);
    }

    [Test]
    public async Task Without_a_limit_nothing_is_ended_and_nothing_waits()
    {
        var token = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var client = Clients.Over(
            new AnswerHandler((_, cancellation) =>
            {
                token.SetResult(cancellation);
                return answer.Task;
            }),
            options => (options.TimeProvider, options.Timeout) = (_clock, Timeout.InfiniteTimeSpan));
        var call = client.CallAsync(read: false);
        var seen = await token.Task;

        _clock.Advance(TimeSpan.FromDays(365));
        Assert.That((seen.IsCancellationRequested, _clock.Waiting), Is.EqualTo((false, 0)));
        answer.SetResult(AnswerHandler.Json("""{"status":"OK"}"""));

        await call;
    }

    [Test]
    public async Task A_call_that_has_ended_leaves_no_timer_behind()
    {
        using var client = Clients.Over(new AnswerHandler(), options => options.TimeProvider = _clock);

        await client.CallAsync(read: true);
        await client.CallAsync(read: false);

        Assert.That(_clock.Waiting, Is.Zero);
    }

    private static async Task AssertTimedOutAsync(Task call, bool mayHaveBeenSent)
    {
        var exception = await Assert.ThrowsAsync<ChatsConnectionException>(() => call);
        Assert.That((exception!.IsTimeout, exception.MayHaveBeenSent), Is.EqualTo((true, mayHaveBeenSent)));
    }
}
