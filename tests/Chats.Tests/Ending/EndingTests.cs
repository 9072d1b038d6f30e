using System.Runtime.CompilerServices;

namespace YandexMarket.Chats.Tests.Ending;

/// <summary>
/// A call that waits somewhere forever is ended by its caller, by the disposal of the client or by its timeout, in virtual time. What the
/// exception says depends on who ended it and on how far the call had come. Many calls with tokens of their own are in the agreement run.
/// </summary>
public sealed class EndingTests : IDisposable
{
    private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _caller = new();
    private readonly ManualClock _clock = new();
    private readonly StubHandler _handler = new();

    public void Dispose() => _caller.Dispose();

    public enum Place { KeyProvider, KeyProviderThatIgnoresItsToken, BeforeTheBytes, AfterTheBytes, BodyOf200, BodyOf400, BodyOf500 }

    public enum Ender { Caller, Disposal, Timeout }

    [Test]
    public async Task It_throws_the_exception_of_whatever_ended_it([Values] Ender ender, [Values] Place place, [Values] bool read)
    {
        var handler = new StubHandler((request, token) => RespondAsync(place, request, token));
        var client = ChatsClient.Over(handler, Clients.Options(change: options =>
        {
            (options.ApiKey, options.TimeProvider) = (null, _clock);
            options.ApiKeyProvider = token => GetKeyAsync(place, token);
        }));
        var call = client.CallAsync(read, _caller.Token);
        await _waits.Task.WaitAsync(Until.Timeout);

        switch (ender)
        {
            case Ender.Caller:
                await _caller.CancelAsync();
                // The first who ended it counts.
                client.Dispose();
                break;
            case Ender.Disposal:
                client.Dispose();
                break;
            case Ender.Timeout:
                // The time of the key's provider counts.
                _clock.Advance(TimeSpan.FromSeconds(place <= Place.KeyProviderThatIgnoresItsToken ? 15 : 5) - TimeSpan.FromTicks(1));
                Assert.That(call.IsCompleted, Is.False);
                _clock.Advance(TimeSpan.FromTicks(1));
                break;
        }

        var exception = await Assert.CatchAsync(() => call.WaitAsync(Until.Timeout));
        var mayHaveBeenSent = !read && (place is Place.AfterTheBytes or Place.BodyOf200 or Place.BodyOf500);
        int? status = place == Place.BodyOf400 ? 400 : place == Place.BodyOf500 ? 500 : null;
        switch (exception)
        {
            case ChatsCanceledException canceled when ender == Ender.Caller:
                Assert.That((canceled.CancellationToken, canceled.MayHaveBeenSent), Is.EqualTo((_caller.Token, mayHaveBeenSent)));
                Assert.That(canceled.InnerException, Is.Null, "What happened on the network because of it may quote a response.");
                break;
            case ObjectDisposedException disposed when ender == Ender.Disposal && place <= Place.KeyProviderThatIgnoresItsToken:
                Assert.That(disposed.ObjectName, Is.EqualTo(typeof(ChatsClient).FullName));
                break;
            case ChatsApiException api when ender != Ender.Caller && status is not null:
                Assert.That((api.StatusCode, api.MayHaveBeenSent, api.Errors.Count), Is.EqualTo((status.Value, mayHaveBeenSent, 0)));
                break;
            case ChatsConnectionException lost when ender != Ender.Caller && status is null:
                Assert.That((lost.IsTimeout, lost.MayHaveBeenSent), Is.EqualTo((ender == Ender.Timeout, mayHaveBeenSent)));
                Assert.That(lost.Message, Does.Contain(ender == Ender.Timeout ? ": the call timed out before" : "the client was disposed"));
                break;
            default:
                Assert.Fail($"It ended as {exception}");
                break;
        }

        Assert.That((handler.Calls, _clock.Waiting), Is.EqualTo((place <= Place.KeyProviderThatIgnoresItsToken ? 0 : 1, 0)));
    }

    [Test]
    public async Task A_call_canceled_before_it_starts_requests_neither_a_key_nor_a_response([Values] bool read)
    {
        var asked = 0;
        using var client = Clients.Over(_handler, options => (options.ApiKey, options.ApiKeyProvider) = (null, _ => new($"key-{++asked}")));
        await _caller.CancelAsync();

        await AssertCanceledAsync(client.CallAsync(read, _caller.Token));
        Assert.That((asked, _handler.Calls), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task It_ends_as_canceled_even_if_the_cancellation_makes_the_network_fail()
    {
        using var client = Clients.Over(async (_, _) =>
        {
            await _caller.CancelAsync();
            throw new HttpRequestException("broken");
        });

        await AssertCanceledAsync(client.CallAsync(read: false, _caller.Token));
    }

    [Test]
    [NonParallelizable]
    public async Task A_key_provider_that_is_abandoned_and_fails_later_leaves_no_unobserved_exception()
    {
        using var unobserved = new UnobservedExceptions();

        await AbandonProviderAsync();

        unobserved.AssertNone();
    }

    [Test]
    public async Task Without_a_timeout_nothing_is_canceled_and_no_timer_waits()
    {
        var response = new TaskCompletionSource<HttpResponseMessage>();
        CancellationToken seen = default;
        using var client = Clients.Over(
            (_, token) =>
            {
                seen = token;
                return response.Task;
            },
            options => (options.TimeProvider, options.Timeout) = (_clock, Timeout.InfiniteTimeSpan));
        var call = client.CallAsync(read: false);

        _clock.Advance(TimeSpan.FromDays(365));
        Assert.That((seen.IsCancellationRequested, _clock.Waiting), Is.EqualTo((false, 0)));
        response.SetResult(StubHandler.Json(Responses.Sent));

        await call;
    }

    // The shorter timeout of the caller's HttpClient is a timeout too.
    [Test]
    public async Task A_call_times_out_by_the_system_clock_too([Values] bool ofHttpClient, [Values] bool read, [Values] bool bytesWereAsked)
    {
        var soon = TimeSpan.FromMilliseconds(20);
        var place = bytesWereAsked ? Place.AfterTheBytes : Place.BeforeTheBytes;
        using var http = new HttpClient(new StubHandler((request, token) => RespondAsync(place, request, token)));
        http.Timeout = ofHttpClient ? soon : Timeout.InfiniteTimeSpan;
        using var client = new ChatsClient(http, Clients.Options(change: options =>
            (options.TimeProvider, options.Timeout) = ofHttpClient ? (_clock, options.Timeout) : (TimeProvider.System, soon)));

        var exception = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.CallAsync(read).WaitAsync(Until.Timeout));

        Assert.That((exception!.IsTimeout, exception.MayHaveBeenSent), Is.EqualTo((true, !read && bytesWereAsked)));
    }

    [Test]
    public async Task A_client_that_its_key_provider_disposes_sends_nothing([Values] bool read)
    {
        ChatsClient? client = null;
        client = ChatsClient.Over(_handler, Clients.Options(change: options =>
        {
            options.ApiKey = null;
            options.ApiKeyProvider = _ =>
            {
                client!.Dispose();
                return new("key");
            };
        }));

        await AssertDisposedAsync(client.CallAsync(read));
    }

    [Test]
    public async Task A_disposed_client_rejects_calls_and_can_be_disposed_again([Values] bool read, [Values] bool borrowed)
    {
        var client = borrowed ? Clients.Over(_handler) : ChatsClient.Over(_handler, Clients.Options());

        client.Dispose();
        client.Dispose();

        await AssertDisposedAsync(client.CallAsync(read));
        Assert.That(_handler.IsDisposed, Is.EqualTo(!borrowed), "It disposes its own handler but not the caller's.");
    }

    // In a method of its own, so that nothing keeps its tasks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task AbandonProviderAsync()
    {
        var provider = new TaskCompletionSource<string>();
        using var caller = new CancellationTokenSource();
        using var client = Clients.Over(new StubHandler(), options => (options.ApiKey, options.ApiKeyProvider) = (null, _ => new(provider.Task)));
        var call = client.FailureOfSendAsync(caller.Token);
        await caller.CancelAsync();
        Assert.That(await call, Is.TypeOf<ChatsCanceledException>().With.Property("MayHaveBeenSent").False);
        provider.SetException(new InvalidDataException("too late"));
    }

    private async Task AssertCanceledAsync(Task call)
    {
        var exception = await Assert.ThrowsAsync<ChatsCanceledException>(() => call.WaitAsync(Until.Timeout));
        Assert.That(
            (exception!.CancellationToken, exception.MayHaveBeenSent, exception.InnerException), Is.EqualTo((_caller.Token, false, (Exception?)null)));
    }

    private async Task AssertDisposedAsync(Task call)
    {
        var exception = await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        Assert.That((exception!.ObjectName, _handler.Calls), Is.EqualTo((typeof(ChatsClient).FullName, 0)));
    }

    private async ValueTask<string> GetKeyAsync(Place place, CancellationToken token)
    {
        if (place <= Place.KeyProviderThatIgnoresItsToken)
        {
            _waits.SetResult();
            await Task.Delay(Timeout.Infinite, place == Place.KeyProvider ? token : CancellationToken.None);
        }

        _clock.Advance(TimeSpan.FromSeconds(10));
        return "key";
    }

    private async Task<HttpResponseMessage> RespondAsync(Place place, HttpRequestMessage request, CancellationToken token)
    {
        if (place >= Place.AfterTheBytes)
        {
            await StubHandler.ReadAsync(request);
        }

        if (place < Place.BodyOf200)
        {
            _waits.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        }

        var status = place == Place.BodyOf200 ? 200 : place == Place.BodyOf400 ? 400 : 500;
        var body = new StubStream(async (_, reading) =>
        {
            _waits.TrySetResult();
            await Task.Delay(Timeout.Infinite, reading);
            return 0;
        });
        return new HttpResponseMessage((HttpStatusCode)status) { RequestMessage = request, Content = new StreamContent(body) };
    }
}
