using System.Net;

namespace YandexMarket.Chats.Tests.Ending;

/// <summary>The end of a client ends its own calls, each with the right word for the buyer, and nobody else's.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DisposalTests
{
    private readonly TaskCompletionSource _isThere = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Test]
    public async Task While_the_key_is_fetched_it_is_as_for_a_call_that_comes_too_late([Values] bool read, [Values] bool listensToItsToken)
    {
        var handler = new StubHandler();
        var client = Over(handler, options => (options.ApiKey, options.ApiKeyProvider) = (null, async cancellation =>
        {
            _isThere.SetResult();
            await Task.Delay(Timeout.Infinite, listensToItsToken ? cancellation : CancellationToken.None);
            return "key";
        }
        ));
        var call = client.CallAsync(read);
        await _isThere.Task;

        client.Dispose();

        var exception = await Assert.ThrowsAsync<ObjectDisposedException>(() => call.WaitAsync(Until.Patience));
        Assert.That((exception!.ObjectName, handler.Calls), Is.EqualTo((typeof(ChatsClient).FullName, 0)));
    }

    [Test]
    public async Task By_a_key_provider_that_disposes_it_nothing_is_sent([Values] bool read)
    {
        var handler = new StubHandler();
        ChatsClient? client = null;
        client = Over(handler, options => (options.ApiKey, options.ApiKeyProvider) = (null, _ =>
        {
            client!.Dispose();
            return new("key");
        }
        ));

        var exception = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CallAsync(read));
        Assert.That((exception!.ObjectName, handler.Calls), Is.EqualTo((typeof(ChatsClient).FullName, 0)));
    }

    [Test]
    public async Task Before_the_text_has_left_it_was_not_sent([Values] bool read)
    {
        var client = Over(new StubHandler(async (_, cancellation) =>
        {
            _isThere.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException("It cannot come to this.");
        }));
        var call = client.CallAsync(read);
        await _isThere.Task;

        client.Dispose();

        await AssertClosedAsync(call, mayHaveBeenSent: false);
    }

    [Test]
    public async Task In_the_body_of_a_good_answer_it_may_have_been_sent([Values] bool read)
    {
        var client = Over(Stalling(HttpStatusCode.OK));
        var call = client.CallAsync(read);
        await _isThere.Task;

        client.Dispose();

        await AssertClosedAsync(call, mayHaveBeenSent: !read);
    }

    [TestCase(400, false)]
    [TestCase(500, true)]
    public async Task In_the_body_of_an_error_its_status_decides(int status, bool mayHaveBeenSent)
    {
        var client = Over(Stalling((HttpStatusCode)status));
        var call = client.CallAsync(read: false);
        await _isThere.Task;

        client.Dispose();

        var exception = await Assert.ThrowsAsync<ChatsApiException>(() => call.WaitAsync(Until.Patience));
        Assert.That((exception!.StatusCode, exception.MayHaveBeenSent), Is.EqualTo((status, mayHaveBeenSent)));
    }

    [Test]
    public async Task The_callers_own_cancellation_stays_his()
    {
        using var caller = new CancellationTokenSource();
        var client = Over(Stalling(HttpStatusCode.OK));
        var call = client.CallAsync(read: false, caller.Token);
        await _isThere.Task;

        await caller.CancelAsync();
        client.Dispose();

        var exception = await Assert.ThrowsAsync<ChatsCanceledException>(() => call.WaitAsync(Until.Patience));
        Assert.That((exception!.CancellationToken, exception.MayHaveBeenSent), Is.EqualTo((caller.Token, true)));
    }

    [Test]
    public async Task A_handler_that_disposes_the_client_gets_no_text_sent()
    {
        ChatsClient? client = null;
        client = Over(new StubHandler(async (request, cancellation) =>
        {
            client!.Dispose();
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException("It cannot come to this.");
        }));

        await AssertClosedAsync(client.CallAsync(read: false), mayHaveBeenSent: false);
    }

    [Test]
    public async Task During_a_call_on_the_wire_and_after_it()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            _isThere.SetResult();
            await connection.HoldAsync();
        });
        var client = Clients.At(server.Address);
        var call = client.CallAsync(read: false);
        await _isThere.Task;

        client.Dispose();

        await AssertClosedAsync(call, mayHaveBeenSent: true);
        Assert.That(() => client.CallAsync(read: false), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task After_its_end_the_client_refuses_calls_and_may_be_ended_again([Values] bool read, [Values] bool borrowed)
    {
        var handler = new StubHandler();
        var client = borrowed ? Clients.Over(handler) : Over(handler);

        client.Dispose();
        client.Dispose();

        var exception = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CallAsync(read));
        Assert.That((exception!.ObjectName, handler.Calls), Is.EqualTo((typeof(ChatsClient).FullName, 0)));
        Assert.That(handler.IsDisposed, Is.EqualTo(!borrowed), "It disposes its own handler and not a borrowed one.");
    }

    private static ChatsClient Over(HttpMessageHandler handler, Action<ChatsClientOptions>? change = null) =>
        ChatsClient.Over(handler, Clients.Options(new Uri("https://example.org/v2/"), change));

    private StubHandler Stalling(HttpStatusCode status) => new((_, _) =>
        Task.FromResult(new HttpResponseMessage(status) { Content = new StreamContent(new StallingStream(_isThere)) }));

    private static async Task AssertClosedAsync(Task call, bool mayHaveBeenSent)
    {
        var exception = await Assert.ThrowsAsync<ChatsConnectionException>(() => call.WaitAsync(Until.Patience));
        Assert.That((exception!.IsTimeout, exception.MayHaveBeenSent), Is.EqualTo((false, mayHaveBeenSent)));
        Assert.That(exception.Message, Does.Contain("the client was disposed"));
    }
}
