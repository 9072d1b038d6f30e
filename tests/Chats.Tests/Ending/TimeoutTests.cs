namespace YandexMarket.Chats.Tests.Ending;

/// <summary>What counts for the timeout of a call, and other timeouts.</summary>
public sealed class TimeoutTests
{
    private readonly ManualClock _clock = new();
    private readonly TaskCompletionSource<CancellationToken> _token = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
    public async Task Without_a_timeout_nothing_is_cancelled_and_no_timer_waits()
    {
        var response = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var client = Clients.Over(
            (_, cancellation) =>
            {
                _token.SetResult(cancellation);
                return response.Task;
            },
            options => (options.TimeProvider, options.Timeout) = (_clock, Timeout.InfiniteTimeSpan));
        var call = client.CallAsync(read: false);
        var seen = await _token.Task;

        _clock.Advance(TimeSpan.FromDays(365));
        Assert.That((seen.IsCancellationRequested, _clock.Waiting), Is.EqualTo((false, 0)));
        response.SetResult(StubHandler.Json(Responses.Sent));

        await call;
    }

    [Test]
    public async Task The_shorter_timeout_of_a_borrowed_HttpClient_is_a_timeout_too([Values] bool read, [Values] bool bytesWereAsked)
    {
        using var http = new HttpClient(Stalling(bytesWereAsked)) { Timeout = TimeSpan.FromMilliseconds(1) };
        using var client = new ChatsClient(http, Clients.Options(change: options => options.TimeProvider = _clock));

        await AssertTimedOutAsync(client.CallAsync(read), mayHaveBeenSent: !read && bytesWereAsked);
    }

    [Test]
    public async Task The_clock_of_the_system_ends_a_call_too([Values] bool read)
    {
        using var client = Clients.Over(Stalling(), options => (options.TimeProvider, options.Timeout) = (TimeProvider.System, TimeSpan.FromMilliseconds(20)));

        await AssertTimedOutAsync(client.CallAsync(read), mayHaveBeenSent: false);
    }

    private StubHandler Stalling(bool asksForBytes = false) => new(async (request, cancellation) =>
    {
        await (asksForBytes ? StubHandler.ReadAsync(request) : Task.CompletedTask);
        _token.SetResult(cancellation);
        await Task.Delay(Timeout.Infinite, cancellation);
        return new();
    });

    private static async Task AssertTimedOutAsync(Task call, bool mayHaveBeenSent)
    {
        var exception = await Assert.ThrowsAsync<ChatsConnectionException>(() => call.WaitAsync(Until.Patience));
        Assert.That((exception!.IsTimeout, exception.MayHaveBeenSent), Is.EqualTo((true, mayHaveBeenSent)));
    }
}
