using System.Net;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>The body of a 420 is read by the handlers, to learn which limit it is about; whatever is wrong with it, the status stands.</summary>
internal sealed class LimitBodyTests
{
    private readonly ManualClock _clock = new();

    private static IEnumerable<Exception> Faults =>
        [
            new IOException("CANARY"), new InvalidDataException("CANARY"), new InvalidOperationException("CANARY"), new ObjectDisposedException("CANARY"),
            // Of the application's own handler.
            new FormatException("CANARY"),
        ];

    [TestCaseSource(nameof(Faults))]
    public async Task A_body_that_cannot_be_read_leaves_the_refusal_as_it_is(Exception fault)
    {
        var body = new Body((_, _) => throw fault);

        var thrown = await FailsAsync<ChatsRateLimitException>(body, CancellationToken.None);

        Assert.That((thrown.StatusCode, thrown.MayHaveBeenSent, thrown.Errors.Count), Is.EqualTo((420, false, 0)));
        Assert.That(thrown.ToString(), Does.Not.Contain("CANARY"));
        Assert.That(body.IsDisposed, "or its connection would not come back");
    }

    [Test]
    public async Task A_body_that_is_too_long_is_not_read_to_its_end_and_disposed()
    {
        var body = new Body(async (stream, token) =>
        {
            while (true)
            {
                await stream.WriteAsync(new byte[1024], token);
            }
        });

        var thrown = await FailsAsync<ChatsRateLimitException>(body, CancellationToken.None);

        Assert.That((thrown.Errors.Count, body.IsDisposed), Is.EqualTo((0, true)));
    }

    [Test]
    public async Task A_body_that_stalls_until_the_timeout_leaves_the_refusal_as_it_is()
    {
        var body = new Body((_, token) => _clock.DelayAsync(Timeout.Infinite, token));

        var thrown = await FailsAsync<ChatsRateLimitException>(body, CancellationToken.None);

        Assert.That(thrown.MayHaveBeenSent, Is.False);
    }

    [Test]
    public async Task A_cancellation_while_it_stalls_is_the_callers()
    {
        using var caller = new CancellationTokenSource();
        _clock.At(_clock.GetUtcNow().AddSeconds(1), caller.Cancel);
        var body = new Body((_, token) => _clock.DelayAsync(Timeout.Infinite, token));

        var thrown = await FailsAsync<OperationCanceledException>(body, caller.Token);

        Assert.That(thrown.CancellationToken, Is.EqualTo(caller.Token));
    }

    private async Task<T> FailsAsync<T>(Body body, CancellationToken cancellationToken)
        where T : Exception
    {
        using var service = new StubHandler(async (request, _, _) =>
        {
            await StubHandler.ReadAsync(request);
            return new HttpResponseMessage((HttpStatusCode)420) { RequestMessage = request, Content = body };
        });
        var client = Pipeline.Create(
            _clock, service, Pipeline.Limiter(_clock, 1000), new ChatsHostingOptions { MaxAttempts = 1 }, TimeSpan.FromSeconds(15));
        var exception = await _clock.FailureOfAsync(() => client.SendMessageToChatAsync(1, 2, "text", cancellationToken));
        Assert.That(exception, Is.InstanceOf<T>());
        return (T)exception!;
    }

    private sealed class Body(Func<Stream, CancellationToken, Task> write) : HttpContent
    {
        public bool IsDisposed { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            write(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
