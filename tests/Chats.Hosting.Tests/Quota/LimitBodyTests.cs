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
        Case("has no end", (_, _) => new(1024), canceledAfter: null, typeof(ChatsRateLimitException), seconds: 0),
        Case("stalls until the timeout", Stall, canceledAfter: null, typeof(ChatsRateLimitException), seconds: 15),
        Case("stalls until the caller cancels", Stall, canceledAfter: 1, typeof(ChatsCanceledException), seconds: 1),
    ];

    [TestCaseSource(nameof(Bodies))]
    public async Task An_unreadable_body_does_not_change_the_rejection(
        Func<ManualClock, CancellationToken, ValueTask<int>> read, int? canceledAfter, Type end, int seconds)
    {
        var start = _clock.GetUtcNow();
        using var caller = new CancellationTokenSource();
        if (canceledAfter is { } time)
        {
            _clock.At(start.AddSeconds(time), caller.Cancel);
        }

        var isClosed = false;
        using var body = new StubStream((_, token) => read(_clock, token)) { Closed = () => isClosed = true };
        using var service = new StubHandler(async (request, _, _) =>
        {
            await StubHandler.ReadAsync(request);
            return new HttpResponseMessage((HttpStatusCode)420) { RequestMessage = request, Content = new StreamContent(body) };
        });
        var client = Pipeline.Create(_clock, service, hosting: new ChatsHostingOptions { MaxAttempts = 1 });

        var thrown = await _clock.FailureOfAsync(() => client.SendMessageToChatAsync(1, 2, "text", caller.Token));

        Assert.That(thrown, Is.TypeOf(end).With.Property("MayHaveBeenSent").False);
        Assert.That((_clock.GetUtcNow() - start).TotalSeconds, Is.EqualTo(seconds));
        Assert.That((thrown as ChatsRateLimitException)?.StatusCode, Is.Null.Or.EqualTo(420));
        Assert.That((thrown as ChatsRateLimitException)?.Errors, Is.Null.Or.Empty);
        Assert.That((thrown as OperationCanceledException)?.CancellationToken, Is.Null.Or.EqualTo(caller.Token));
        Assert.That($"{thrown}", Does.Not.Contain("CANARY"));
        Assert.That(isClosed, "or its connection would not come back");
    }

    [Test]
    public async Task A_response_that_a_handler_has_disposed_keeps_its_status()
    {
        using var service = new StubHandler(async (request, _, _) =>
        {
            await StubHandler.ReadAsync(request);
            var response = StubHandler.Response(request, 420);
            response.Dispose();
            return response;
        });
        var client = Pipeline.Create(_clock, service, hosting: new ChatsHostingOptions { MaxAttempts = 1 });

        var thrown = await _clock.FailureOfAsync(() => client.SendMessageToChatAsync(1, 2, "text"));

        Assert.That(thrown, Is.TypeOf<ChatsRateLimitException>().With.Property("MayHaveBeenSent").False);
    }

    private static TestCaseData Case(
        string name, Func<ManualClock, CancellationToken, ValueTask<int>> read, int? canceledAfter, Type end, int seconds) =>
        new TestCaseData(read, canceledAfter, end, seconds).SetArgDisplayNames(name);

    private static TestCaseData Throwing(Exception fault) => Case(
        $"throws {fault.GetType().Name}", (_, _) => throw fault, canceledAfter: null, typeof(ChatsRateLimitException), seconds: 0);

    private static async ValueTask<int> Stall(ManualClock clock, CancellationToken cancellationToken)
    {
        await clock.DelayAsync(Timeout.Infinite, cancellationToken);
        return 0;
    }
}
