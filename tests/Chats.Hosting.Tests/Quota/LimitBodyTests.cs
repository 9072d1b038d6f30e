namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>The body of a 420 is read by the handlers, to learn which limit it is about; whatever is wrong with it, the status remains
/// valid.</summary>
internal sealed class LimitBodyTests
{
    private readonly ManualClock _clock = new();

    private static IEnumerable<TestCaseData> Bodies =>
    [
        Throwing(new IOException("CANARY")),
        Throwing(new InvalidDataException("CANARY")),
        Throwing(new InvalidOperationException("CANARY")),
        Throwing(new ObjectDisposedException("CANARY")),
        // Of the application's own handler.
        Throwing(new FormatException("CANARY")),
        Case("has no end", WithoutEnd, canceledAfter: null, typeof(ChatsRateLimitException), seconds: 0),
        Case("stalls until the timeout", Stall, canceledAfter: null, typeof(ChatsRateLimitException), seconds: 15),
        Case("stalls until the caller cancels", Stall, canceledAfter: 1, typeof(ChatsCanceledException), seconds: 1),
    ];

    [TestCaseSource(nameof(Bodies))]
    public async Task An_unreadable_body_does_not_change_the_rejection(
        Func<ManualClock, Stream, CancellationToken, Task> write, int? canceledAfter, Type end, int seconds)
    {
        var start = _clock.GetUtcNow();
        using var caller = new CancellationTokenSource();
        if (canceledAfter is { } time)
        {
            _clock.At(start.AddSeconds(time), caller.Cancel);
        }

        using var body = new Body((stream, token) => write(_clock, stream, token));
        using var service = new StubHandler(async (request, _, _) =>
        {
            await StubHandler.ReadAsync(request);
            return new HttpResponseMessage((HttpStatusCode)420) { RequestMessage = request, Content = body };
        });
        var client = Pipeline.Create(_clock, service, hosting: new ChatsHostingOptions { MaxAttempts = 1 });

        var thrown = await _clock.FailureOfAsync(() => client.SendMessageToChatAsync(1, 2, "text", caller.Token));

        Assert.That(thrown, Is.TypeOf(end).With.Property("MayHaveBeenSent").False);
        Assert.That((_clock.GetUtcNow() - start).TotalSeconds, Is.EqualTo(seconds));
        Assert.That((thrown as ChatsRateLimitException)?.StatusCode, Is.Null.Or.EqualTo(420));
        Assert.That((thrown as ChatsRateLimitException)?.Errors, Is.Null.Or.Empty);
        Assert.That((thrown as OperationCanceledException)?.CancellationToken, Is.Null.Or.EqualTo(caller.Token));
        Assert.That($"{thrown}", Does.Not.Contain("CANARY"));
        Assert.That(body.IsDisposed, "or its connection would not come back");
    }

    private static TestCaseData Case(
        string name, Func<ManualClock, Stream, CancellationToken, Task> write, int? canceledAfter, Type end, int seconds) =>
        new TestCaseData(write, canceledAfter, end, seconds).SetArgDisplayNames(name);

    private static TestCaseData Throwing(Exception fault) => Case(
        $"throws {fault.GetType().Name}", (_, _, _) => throw fault, canceledAfter: null, typeof(ChatsRateLimitException), seconds: 0);

    private static async Task WithoutEnd(ManualClock clock, Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            await stream.WriteAsync(new byte[1024], cancellationToken);
        }
    }

    private static Task Stall(ManualClock clock, Stream stream, CancellationToken cancellationToken) =>
        clock.DelayAsync(Timeout.Infinite, cancellationToken);

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
