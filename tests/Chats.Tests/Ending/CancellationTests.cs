using System.Net;

namespace YandexMarket.Chats.Tests.Ending;

/// <summary>The caller's own cancellation stays what it is, wherever it meets the call.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CancellationTests : IDisposable
{
    private readonly CancellationTokenSource _caller = new();
    private readonly TaskCompletionSource _isThere = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _caller.Dispose();

    [Test]
    public async Task Before_the_call_it_asks_nobody([Values] bool read)
    {
        var handler = new StubHandler();
        using var client = Clients.Over(handler, options =>
            (options.ApiKey, options.ApiKeyProvider) = (null, _ => throw new InvalidOperationException("was asked")));
        await _caller.CancelAsync();

        await AssertCanceledAsync(client.CallAsync(read, _caller.Token));
        Assert.That(handler.Calls, Is.Zero);
    }

    [Test]
    public async Task Inside_the_key_provider([Values] bool read, [Values] bool listensToItsToken)
    {
        var handler = new StubHandler();
        using var client = Clients.Over(handler, options => (options.ApiKey, options.ApiKeyProvider) = (null, async cancellation =>
        {
            _isThere.SetResult();
            await Task.Delay(Timeout.Infinite, listensToItsToken ? cancellation : CancellationToken.None);
            return "key";
        }
        ));

        await AssertCanceledAsync(client.CallAsync(read, _caller.Token), cancelWhen: _isThere.Task);
        Assert.That(handler.Calls, Is.Zero);
    }

    [Test]
    public async Task While_it_connects([Values] bool read)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                _isThere.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return Stream.Null;
            },
        });
        using var client = new ChatsClient(http, Clients.Options(new Uri("https://example.org/v2/")));

        await AssertCanceledAsync(client.CallAsync(read, _caller.Token), cancelWhen: _isThere.Task);
    }

    [TestCase(0, "", TestName = "Before_the_request_is_read")]
    [TestCase(20, "", TestName = "In_the_head_of_the_request")]
    [TestCase(null, "", TestName = "Before_the_response")]
    [TestCase(null, "HTTP/1.1 200 OK\r\nContent-", TestName = "In_the_headers_of_the_response")]
    public async Task On_the_wire(int? taken, string answered)
    {
        await using var server = new RawServer(async connection =>
        {
            await (taken is { } bytes ? connection.TakeAsync(bytes) : connection.ReadRequestAsync());
            await connection.SendAsync(answered);
            await _caller.CancelAsync();
            await connection.HoldAsync();
        });
        using var client = Clients.At(server.Address);

        await AssertCanceledAsync(client.CallAsync(read: false, _caller.Token));
    }

    [Test]
    public async Task Inside_the_body([Values] bool read, [Values(200, 400, 500)] int status)
    {
        using var client = Clients.Over(new StubHandler((_, _) => Task.FromResult(
            new HttpResponseMessage((HttpStatusCode)status) { Content = new StreamContent(new StallingStream(_isThere)) })));

        await AssertCanceledAsync(client.CallAsync(read, _caller.Token), cancelWhen: _isThere.Task);
    }

    [Test]
    public async Task Even_where_the_network_fails_because_of_it()
    {
        using var client = Clients.Over(new StubHandler(async (_, _) =>
        {
            await _caller.CancelAsync();
            throw new HttpRequestException("broken");
        }));

        await AssertCanceledAsync(client.CallAsync(read: false, _caller.Token));
    }

    [Test]
    public async Task Too_late_for_its_own_call_it_meets_no_other()
    {
        var late = false;
        using var client = Clients.Over(new StubHandler((_, cancellationToken) =>
        {
            if (late)
            {
                _caller.Cancel();
                cancellationToken.ThrowIfCancellationRequested();
            }

            return Task.FromResult(StubHandler.Json("""{"status":"OK"}"""));
        }));

        await client.CallAsync(read: false, _caller.Token);
        late = true;

        await client.CallAsync(read: false);
        await AssertCanceledAsync(client.CallAsync(read: false, _caller.Token));
        await client.CallAsync(read: false);
    }

    [Test]
    public async Task Somebody_else_s_is_a_connection_that_failed([Values] bool read)
    {
        using var client = Clients.Over(new StubHandler((_, _) => throw new OperationCanceledException(new CancellationToken(canceled: true))));

        var exception = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.CallAsync(read, _caller.Token));

        Assert.That((exception!.IsTimeout, exception.MayHaveBeenSent), Is.EqualTo((false, false)));
    }

    private async Task AssertCanceledAsync(Task call, Task? cancelWhen = null)
    {
        if (cancelWhen is not null)
        {
            await cancelWhen.WaitAsync(Until.Patience);
            await _caller.CancelAsync();
        }

        var exception = await Assert.ThrowsAsync<ChatsCanceledException>(() => call.WaitAsync(Until.Patience));
        Assert.That(exception!.CancellationToken, Is.EqualTo(_caller.Token));
        Assert.That(exception.InnerException, Is.Null, "What happened on the network because of it may quote a response.");
    }
}
