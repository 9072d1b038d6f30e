namespace YandexMarket.Chats.Tests.Ending;

/// <summary>One limit of time for the whole call, in virtual time: nothing here waits for a clock on the wall.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TimeoutTests
{
    private readonly ManualClock _clock = new();
    private readonly TaskCompletionSource<CancellationToken> _token = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Test]
    public async Task The_time_is_over_after_15_seconds_and_not_before([Values] bool read, [Values] bool bytesWereAsked)
    {
        using var client = Clients.Over(Stalling(bytesWereAsked), options => options.TimeProvider = _clock);
        var call = client.CallAsync(read);
        var seen = await _token.Task;

        _clock.Advance(TimeSpan.FromSeconds(15) - TimeSpan.FromTicks(1));
        Assert.That(seen.IsCancellationRequested, Is.False);
        _clock.Advance(TimeSpan.FromTicks(1));

        var exception = await AssertTimedOutAsync(call, mayHaveBeenSent: !read && bytesWereAsked);
        Assert.That(exception.Message, Does.Contain(": the call timed out before a complete response arrived. "));
        Assert.That(_clock.Waiting, Is.Zero);
    }

    [TestCase(400, false)]
    [TestCase(500, true)]
    public async Task A_status_that_has_come_decides_though_its_body_stalls(int status, bool mayHaveBeenSent)
    {
        var bodyIsAwaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var client = Clients.Over(
            new StubHandler((_, _) => Task.FromResult(
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
        var handler = new StubHandler();
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
        using var client = Clients.Over(Stalling(), options =>
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
        await _token.Task;

        _clock.Advance(TimeSpan.FromSeconds(5));

        await AssertTimedOutAsync(call, mayHaveBeenSent: false);
    }

    [Test]
    public async Task Without_a_limit_nothing_is_ended_and_nothing_waits()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var client = Clients.Over(
            new StubHandler((_, cancellation) =>
            {
                _token.SetResult(cancellation);
                return answer.Task;
            }),
            options => (options.TimeProvider, options.Timeout) = (_clock, Timeout.InfiniteTimeSpan));
        var call = client.CallAsync(read: false);
        var seen = await _token.Task;

        _clock.Advance(TimeSpan.FromDays(365));
        Assert.That((seen.IsCancellationRequested, _clock.Waiting), Is.EqualTo((false, 0)));
        answer.SetResult(StubHandler.Json("""{"status":"OK"}"""));

        await call;
    }

    [Test]
    public async Task The_shorter_timeout_of_a_borrowed_HttpClient_is_a_timeout_too([Values] bool read, [Values] bool bytesWereAsked)
    {
        using var http = new HttpClient(Stalling(bytesWereAsked)) { Timeout = TimeSpan.FromMilliseconds(1) };
        using var client = new ChatsClient(http, Clients.Options(new Uri("https://example.org/v2/"), options => options.TimeProvider = _clock));

        await AssertTimedOutAsync(client.CallAsync(read), mayHaveBeenSent: !read && bytesWereAsked);
    }

    [Test]
    public async Task The_clock_of_the_system_ends_a_call_too([Values] bool read)
    {
        using var client = Clients.Over(Stalling(), options => options.Timeout = TimeSpan.FromMilliseconds(20));

        await AssertTimedOutAsync(client.CallAsync(read), mayHaveBeenSent: false);
    }

    [Test]
    public async Task A_call_that_has_ended_leaves_no_timer_behind()
    {
        using var client = Clients.Over(new StubHandler(), options => options.TimeProvider = _clock);

        await client.CallAsync(read: true);
        await client.CallAsync(read: false);

        Assert.That(_clock.Waiting, Is.Zero);
    }

    private StubHandler Stalling(bool bytesAreAsked = false) => new(async (request, cancellation) =>
    {
        await (bytesAreAsked && request.Content is { } content ? content.CopyToAsync(Stream.Null, CancellationToken.None) : Task.CompletedTask);
        _token.SetResult(cancellation);
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException("It cannot come to this.");
    });

    private static async Task<ChatsConnectionException> AssertTimedOutAsync(Task call, bool mayHaveBeenSent)
    {
        var exception = await Assert.ThrowsAsync<ChatsConnectionException>(() => call.WaitAsync(Until.Patience));
        Assert.That((exception!.IsTimeout, exception.MayHaveBeenSent), Is.EqualTo((true, mayHaveBeenSent)));
        return exception;
    }
}
