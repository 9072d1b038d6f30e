using YandexMarket.Chats.Tests.Faults.Server;

namespace YandexMarket.Chats.Tests.Faults;

/// <summary>The caller's own cancellation stays what it is, wherever the call stands.</summary>
[Parallelizable(ParallelScope.All)]
public class CancellationTests
{
    [TestCase("before the request is read", 0, "")]
    [TestCase("in the head of the request", 20, "")]
    [TestCase("before the answer", null, "")]
    [TestCase("in the headers", null, "HTTP/1.1 200 OK\r\nContent-")]
    public async Task On_the_wire(string place, int? taken, string answered)
    {
        using var canceling = new CancellationTokenSource();
        await using var server = new RawServer(async connection =>
        {
            await (taken is { } bytes ? connection.TakeAsync(bytes) : connection.ReadRequestAsync());
            await connection.SendAsync(answered);
            await canceling.CancelAsync();
            await connection.HoldAsync();
        });
        using var client = new ChatsClient(new ChatsClientOptions { ApiKey = Canary.Key, BaseAddress = server.Address });

        AssertIsTheCallers(await Calls.FailureOfSendAsync(client, canceling.Token), canceling, place);
    }

    [TestCase(200, "")]
    [TestCase(200, "{\"status\":\"OK\"}")]
    [TestCase(400, "{\"status\":\"ERROR\",\"errors\":[]}")]
    [TestCase(500, "")]
    public async Task In_the_body(int status, string begun)
    {
        using var canceling = new CancellationTokenSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync($"HTTP/1.1 {status} A\r\nContent-Length: 100\r\n\r\n{begun}");
            await connection.HoldAsync();
        });
        using var http = new HttpClient(new Then(() => canceling.CancelAfter(0)));
        using var client = new ChatsClient(http, new ChatsClientOptions { ApiKey = Canary.Key, BaseAddress = server.Address });

        AssertIsTheCallers(await Calls.FailureOfSendAsync(client, canceling.Token), canceling);
    }

    [Test]
    public async Task Before_anything()
    {
        using var canceling = new CancellationTokenSource();
        await canceling.CancelAsync();
        using var client = Calls.Throwing(new InvalidOperationException("The call went on."));

        AssertIsTheCallers(await Calls.FailureOfSendAsync(client, canceling.Token), canceling);
    }

    [Test]
    public async Task While_it_connects()
    {
        using var canceling = new CancellationTokenSource();
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                await canceling.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return Stream.Null;
            },
        });
        using var client = new ChatsClient(http, Calls.Options());

        AssertIsTheCallers(await Calls.FailureOfSendAsync(client, canceling.Token), canceling);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task In_the_provider_of_the_key(bool listens)
    {
        using var canceling = new CancellationTokenSource();
        using var client = new ChatsClient(new ChatsClientOptions
        {
            TimeProvider = new ManualClock(),
            ApiKeyProvider = async cancellationToken =>
            {
                canceling.CancelAfter(0);
                await Task.Delay(Timeout.InfiniteTimeSpan, listens ? cancellationToken : CancellationToken.None);
                return Canary.Key;
            },
        });

        AssertIsTheCallers(await Calls.FailureOfSendAsync(client, canceling.Token), canceling);
    }

    [Test]
    public async Task Even_where_the_network_failed_because_of_it()
    {
        using var canceling = new CancellationTokenSource();
        using var client = Calls.Over((_, _) =>
        {
            canceling.Cancel();
            throw new HttpRequestException(Canary.Echo);
        });

        AssertIsTheCallers(await Calls.FailureOfSendAsync(client, canceling.Token), canceling);
    }

    [Test]
    public async Task Too_late_for_its_own_call_it_meets_no_other()
    {
        // By the system's clock, and ending at once: so the next call on this thread gets what this one used.
        var options = new ChatsClientOptions { ApiKey = Canary.Key };
        using var canceling = new CancellationTokenSource();
        var late = false;
        using var client = Calls.Over((_, cancellationToken) =>
        {
            if (late)
            {
                canceling.Cancel();
                cancellationToken.ThrowIfCancellationRequested();
            }

            return Task.FromResult(new HttpResponseMessage { Content = new StringContent(Calls.Good) });
        }, options);

        await client.SendMessageToChatAsync(1, 2, "first", canceling.Token);
        late = true;

        Assert.That(await Calls.FailureOfSendAsync(client), Is.Null);
        Assert.That(await Calls.FailureOfSendAsync(client), Is.Null);
        AssertIsTheCallers(await Calls.FailureOfSendAsync(client, canceling.Token), canceling);
        Assert.That(await Calls.FailureOfSendAsync(client), Is.Null, "A cancelled one was used again.");
    }

    private static void AssertIsTheCallers(Exception? failure, CancellationTokenSource canceling, string place = "")
    {
        Assert.That(failure, Is.TypeOf<ChatsCanceledException>(), place);
        Assert.That(((OperationCanceledException)failure!).CancellationToken, Is.EqualTo(canceling.Token));
        Assert.That(failure.InnerException, Is.Null, "What happened on the network because of it may quote an answer.");
    }

    private sealed class Then(Action then) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            then();
            return response;
        }
    }
}
