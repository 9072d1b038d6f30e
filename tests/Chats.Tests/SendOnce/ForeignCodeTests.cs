namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>Unusual but legal code of applications: it may send a text once, and cannot change what the call says of it.</summary>
public sealed class ForeignCodeTests
{
#if !CHATS_NETSTANDARD
    [TestCase(false)]
    [TestCase(true)]
    public async Task A_synchronous_handler_goes_through_the_last_handler_and_its_send_uses_its_own_connection(bool twice)
    {
        await using var server = RawServer.Serving(connection => connection.Text is null
            ? RawServer.Json(Responses.Message).Replace("Connection: close\r\n", "", StringComparison.Ordinal)
            : twice ? "HTTP/1.1 503 A\r\nContent-Length: 0\r\n\r\n" : RawServer.Json(Responses.Sent));
        using var http = new HttpClient(new Synchronous(twice)
        {
            InnerHandler = new ChatsSendOnceHandler(ChatsClient.CreateHandler(Clients.Options(server.Address))),
        });
        using var client = new ChatsClient(http, Clients.Options(server.Address));

        await client.CallAsync(read: true);
        var failure = await client.FailureOfSendAsync();

        Assert.That(failure, twice ? Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True : Is.Null);
        Assert.That((server.Record.Texts.Single(), server.Record.Opened), Is.EqualTo((Canary.Text, 2)));
    }
#endif

    [TestCase(null)]
    [TestCase(400)]
    public async Task A_text_reported_as_not_sent_cannot_be_sent_later(int? status)
    {
        RequestBody? body = null;
        using var client = Clients.Over((request, _) =>
        {
            // A handler that has abandoned the network while it connects.
            body = ChatsRequest.GetBody(request);
            return status is { } refused ? Task.FromResult(StubHandler.Response(request, refused)) : throw new TimeoutException();
        });

        var failure = await client.FailureOfSendAsync();

        Assert.That(failure, Is.InstanceOf<ChatsException>().With.Property("MayHaveBeenSent").False);
        Assert.That(body!.TryRead(isBuffering: false), Is.False);
    }

    [Test]
    public async Task What_a_handler_attached_cannot_change_how_the_call_ends([Values] bool ofRequest)
    {
        using var client = Clients.Over((request, _) =>
        {
            ((ChatsRequest)request).KeepUntilEnd(new Throwing());
            request.Content = ofRequest ? new ThrowingContent("") : request.Content;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new ThrowingContent(Responses.Sent) });
        });

        // A content that the handler replaced is a copy, and that is said.
        Assert.That(await client.FailureOfSendAsync(), ofRequest ? Is.TypeOf<ChatsConnectionException>() : Is.Null);
    }

    [Test]
    public async Task A_key_provider_cannot_prevent_disposal_of_the_client()
    {
        var handler = new StubHandler();
        var asked = new TaskCompletionSource();
        var client = ChatsClient.Over(handler, Clients.Options(change: options =>
        {
            options.ApiKey = null;
            options.ApiKeyProvider = async token =>
            {
                token.Register(() => throw new InvalidOperationException("mine"));
                asked.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return "";
            };
        }));
        var call = client.FailureOfReadAsync();
        await asked.Task.WaitAsync(Until.Timeout);

        client.Dispose();

        Assert.That(handler.IsDisposed);
        Assert.That(await call, Is.TypeOf<ObjectDisposedException>());
    }

    private sealed class Throwing : IDisposable
    {
        public void Dispose() => throw new InvalidOperationException("mine");
    }

    private sealed class ThrowingContent(string text) : StringContent(text)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            throw new InvalidOperationException("mine");
        }
    }

#if !CHATS_NETSTANDARD
    /// <summary>Reads the text, which HttpContent then keeps and can write synchronously, and sends it once or twice.</summary>
    private sealed class Synchronous(bool twice) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is not { } text)
            {
                return await base.SendAsync(request, cancellationToken);
            }

            await text.LoadIntoBufferAsync(cancellationToken);
            using var first = twice ? Send(request, cancellationToken) : null;
            return Send(request, cancellationToken);
        }
    }
#endif
}
