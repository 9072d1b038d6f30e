using System.Net;

namespace YandexMarket.Chats.Tests.Ending;

/// <summary>
/// A call that waits somewhere for ever is ended by its caller, by the disposal of the client or by its timeout, in virtual time. What the
/// exception says depends on who ended it and on how far the call had come.
/// </summary>
public sealed class EndingTests
{
    private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public enum Place { KeyProvider, KeyProviderThatIgnoresItsToken, BeforeTheBytes, AfterTheBytes, BodyOf200, BodyOf400, BodyOf500 }

    public enum Ender { Caller, Disposal, Timeout }

    [Test]
    public async Task It_ends_with_the_exception_of_its_ender([Values] Ender ender, [Values] Place place, [Values] bool read)
    {
        var clock = new ManualClock();
        using var caller = new CancellationTokenSource();
        var handler = new StubHandler((request, token) => RespondAsync(place, request, token));
        var client = ChatsClient.Over(handler, Clients.Options(change: options =>
        {
            (options.ApiKey, options.TimeProvider) = (null, clock);
            options.ApiKeyProvider = token => GetKeyAsync(place, token);
        }));
        var call = client.CallAsync(read, caller.Token);
        await _waits.Task.WaitAsync(Until.Patience);

        switch (ender)
        {
            case Ender.Caller:
                await caller.CancelAsync();
                // The first who ended it counts.
                client.Dispose();
                break;
            case Ender.Disposal:
                client.Dispose();
                break;
            case Ender.Timeout:
                clock.Advance(TimeSpan.FromSeconds(15) - TimeSpan.FromTicks(1));
                Assert.That(call.IsCompleted, Is.False);
                clock.Advance(TimeSpan.FromTicks(1));
                break;
        }

        var exception = await Assert.CatchAsync(() => call.WaitAsync(Until.Patience));
        var mayHaveBeenSent = !read && (place is Place.AfterTheBytes or Place.BodyOf200 or Place.BodyOf500);
        int? status = place == Place.BodyOf400 ? 400 : place == Place.BodyOf500 ? 500 : null;
        switch (exception)
        {
            case ChatsCanceledException canceled when ender == Ender.Caller:
                Assert.That((canceled.CancellationToken, canceled.MayHaveBeenSent), Is.EqualTo((caller.Token, mayHaveBeenSent)));
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

        Assert.That((handler.Calls, clock.Waiting), Is.EqualTo((place <= Place.KeyProviderThatIgnoresItsToken ? 0 : 1, 0)));
    }

    private async ValueTask<string> GetKeyAsync(Place place, CancellationToken token)
    {
        if (place <= Place.KeyProviderThatIgnoresItsToken)
        {
            _waits.SetResult();
            await Task.Delay(Timeout.Infinite, place == Place.KeyProvider ? token : CancellationToken.None);
        }

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
