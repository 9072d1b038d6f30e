namespace YandexMarket.Chats.Tests.SendOnce;

/// <summary>Unusual but legal code of applications: it may send a text once, and cannot change what the call says of it.</summary>
public sealed class ForeignCodeTests
{
    private readonly List<string> _texts = [];

#if !CHATS_NETSTANDARD
    [Test]
    public async Task Synchronous_handlers_go_through_the_last_handler_too()
    {
        using var network = new SynchronousNetwork(_texts);
        using var client = Clients.Over(new SynchronousRetry { InnerHandler = new ChatsSendOnceHandler(network) });

        var failure = await client.FailureOfSendAsync();

        Assert.That(_texts, Has.Count.EqualTo(1));
        Assert.That(failure, Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True);
    }

    [Test]
    public async Task A_send_by_a_synchronous_handler_uses_its_own_connection()
    {
        await using var server = RawServer.Serving(connection =>
        {
            var json = connection.Text is null ? Responses.Message : Responses.Sent;
            return $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}";
        });
        using var http = new HttpClient(new Synchronous { InnerHandler = ChatsClient.CreateHandler(Clients.Options(server.Address)) });
        using var client = new ChatsClient(http, Clients.Options(server.Address));

        await client.CallAsync(read: true);
        await client.CallAsync(read: false);

        Assert.That(server.Record.Opened, Is.EqualTo(2));
    }
#endif

    [TestCase(1, false)]
    [TestCase(2, true)]
    public async Task A_content_that_wraps_the_text_passes_the_last_handler_once(int times, bool fails)
    {
        var network = Network();
        using var client = Clients.Over(Handlers.Before(new ChatsSendOnceHandler(network), async (request, next, _) =>
        {
            var text = request.Content!;
            HttpResponseMessage? response = null;
            for (var time = 0; time < times; time++)
            {
                response?.Dispose();
                request.Content = new MultipartContent("mixed") { text };
                response = await next(request);
            }

            return response!;
        }));

        var failure = await client.FailureOfSendAsync();

        Assert.That(_texts, Has.Count.EqualTo(1).And.All.Contains(Canary.Text));
        Assert.That(failure, fails ? Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True : Is.Null);
    }

    [TestCase(null)]
    [TestCase(400)]
    public async Task A_text_reported_as_not_sent_cannot_be_sent_later(int? status)
    {
        SendMark? mark = null;
        using var client = Clients.Over((request, _) =>
        {
            // A handler that has abandoned the network while it connects.
            mark = ChatsRequest.GetMark(request);
            return status is { } refused ? Task.FromResult(StubHandler.Response(request, refused)) : throw new TimeoutException();
        });

        var failure = await client.FailureOfSendAsync();

        Assert.That(failure, Is.InstanceOf<ChatsException>().With.Property("MayHaveBeenSent").False);
        Assert.That(mark!.TryRead(isBuffering: false), Is.False);
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

    private StubHandler Network() => new(async (request, _, _) =>
    {
        _texts.Add(await StubHandler.BodyAsync(request, CancellationToken.None));
        return StubHandler.Response(request, 200);
    });

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
    /// <summary>Reads the text, which HttpContent then keeps and can write synchronously.</summary>
    private class Synchronous : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is not { } text)
            {
                return await base.SendAsync(request, cancellationToken);
            }

            await text.LoadIntoBufferAsync(cancellationToken);
            return Send(request, cancellationToken);
        }
    }

    private sealed class SynchronousRetry : Synchronous
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var first = base.Send(request, cancellationToken);
            return base.Send(request, cancellationToken);
        }
    }

    private sealed class SynchronousNetwork(List<string> texts) : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var text = new MemoryStream();
            request.Content!.CopyTo(text, null, cancellationToken);
            texts.Add(System.Text.Encoding.UTF8.GetString(text.ToArray()));
            return StubHandler.Response(request, 503);
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
#endif
}
