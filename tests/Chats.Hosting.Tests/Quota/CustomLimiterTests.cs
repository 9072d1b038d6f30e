using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>A limiter of the user's in place of ours: several machines can share it, and if it fails, no response and no verdict is lost.</summary>
internal sealed class CustomLimiterTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly StubHandler _service = StubHandler.Responding(200);
    private readonly LogCollector _logs = new();

    public void Dispose() => _service.Dispose();

    [Test]
    public async Task Two_machines_share_one()
    {
        var (left, running, reports) = (3, 0, new List<string>());
        var shared = new Limiter
        {
            Reported = (call, response) => reports.Add($"{call}: {response.StatusCode}"),
            Returned = () => running--,
        };
        shared.Acquire = async (_, _) =>
        {
            await Task.Yield();
            running += left > 0 ? 1 : 0;
            return left-- > 0 ? shared.NewLease() : new RefusedLease(TimeSpan.FromMinutes(7));
        };
        await using var first = Build(shared);
        await using var second = Build(shared);

        await Client(first).GetChatMessageAsync(1, 2, 3);
        await Client(second).GetChatMessageAsync(1, 2, 3);
        await Client(first).GetChatMessageAsync(1, 2, 3);
        var thrown = await Assert.ThrowsAsync<ChatsQuotaException>(() => Client(second).SendMessageToChatAsync(1, 2, "text"));

        Assert.That((_service.Calls, thrown!.MayHaveBeenSent, thrown.RetryAfter, running), Is.EqualTo((3, false, TimeSpan.FromMinutes(7), 0)));
        Assert.That(reports, Is.EqualTo(Enumerable.Repeat("getChatMessage of business 1: 200", 3)));
    }

    [Test]
    public async Task One_that_throws_stops_the_call_before_anything_is_sent()
    {
        await using var provider = Build(new Limiter { Acquire = (_, _) => throw new InvalidOperationException("no store") });

        var thrown = await Assert.ThrowsAsync<ChatsQuotaException>(() => Client(provider).SendMessageToChatAsync(1, 2, "text"));

        Assert.That((thrown!.MayHaveBeenSent, thrown.RetryAfter, _service.Calls), Is.EqualTo((false, (TimeSpan?)null, 0)));
        Assert.That(thrown.InnerException, Is.InstanceOf<InvalidOperationException>());
        Assert.That(thrown.Message, Does.Contain("the limiter threw InvalidOperationException"));
        Assert.That(_logs.Lines, Has.Some.Contains("The limiter failed").And.Contains("InvalidOperationException"));
    }

    [Test]
    public async Task One_that_refuses_may_say_why()
    {
        await using var provider = Build(new Limiter { Acquire = (_, _) => new(new Lease(returned: null, refusal: "the store is away")) });

        var thrown = await Assert.ThrowsAsync<ChatsQuotaException>(() => Client(provider).GetChatMessageAsync(1, 2, 3));

        Assert.That(thrown!.Message, Is.EqualTo("getChatMessage: no request was made: the store is away. Nothing was sent."));
    }

    [Test]
    public async Task One_that_returns_no_lease_stops_the_call_once()
    {
        var asked = 0;
        await using var provider = Build(new Limiter
        {
            Acquire = (_, _) =>
            {
                asked++;
                return default;
            },
        });

        await Assert.ThrowsAsync<ChatsQuotaException>(() => Client(provider).GetChatMessageAsync(1, 2, 3));

        Assert.That((asked, _service.Calls), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task One_that_throws_after_the_response_changes_nothing([Values] bool whenItsLeaseIsDisposed)
    {
        static void Throw() => throw new InvalidOperationException();
        await using var provider = Build(whenItsLeaseIsDisposed ? new Limiter { Returned = Throw } : new Limiter { Reported = (_, _) => Throw() });

        await Client(provider).SendMessageToChatAsync(1, 2, "text");

        Assert.That(_logs.Lines, Has.Some.Contains("The limiter failed").And.Contains("InvalidOperationException"));
    }

    [Test]
    public async Task One_that_ignores_its_token_is_abandoned_after_the_wait_and_its_late_lease_is_disposed()
    {
        var late = new TaskCompletionSource<RateLimitLease>();
        var returned = 0;
        var limiter = new Limiter { Acquire = (_, _) => new(late.Task), Returned = () => returned++ };
        await using var provider = Build(limiter);
        var start = _clock.GetUtcNow();

        var send = Task.CompletedTask;
        ManualClock.Run(() => send = Client(provider).SendMessageToChatAsync(1, 2, "text"));
        _clock.RunWhile(() => !send.IsCompleted);
        await Assert.ThrowsAsync<ChatsQuotaException>(() => send.WaitAsync(TimeSpan.FromSeconds(30)));
        var waited = _clock.GetUtcNow() - start;
        ManualClock.Run(() => late.SetResult(limiter.NewLease()));

        Assert.That((waited, _service.Calls, returned), Is.EqualTo((TimeSpan.FromSeconds(5), 0, 1)));
    }

    [Test]
    public async Task A_call_whose_time_is_over_before_it_asks_may_not_wait()
    {
        TimeSpan? maxWait = null;
        var limiter = new Limiter();
        limiter.Acquire = (call, _) =>
        {
            maxWait = call.MaxWait;
            return new(limiter.NewLease());
        };
        await using var provider = Build(limiter, new RegistrationTests.Watcher(() => _clock.Skip(TimeSpan.FromSeconds(20))));

        // Its timer has not fired yet: a response that is available at once is not thrown away.
        await Client(provider).GetChatMessageAsync(1, 2, 3);

        Assert.That(maxWait, Is.EqualTo(TimeSpan.Zero));
    }

    private static IChatsClient Client(IServiceProvider provider) => provider.GetRequiredService<IChatsClient>();

    private ServiceProvider Build(Limiter limiter, DelegatingHandler? inFront = null) => RegistrationTests.Build(services =>
    {
        services.AddSingleton<TimeProvider>(_clock);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs));
        services.AddSingleton<PartitionedRateLimiter<ChatsCall>>(limiter);
        var http = services.AddChatsClient(options => options.ApiKey = "key").ConfigurePrimaryHttpMessageHandler(() => _service);
        if (inFront is not null)
        {
            http.ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Insert(0, inFront));
        }
    });

    private sealed class Limiter : PartitionedRateLimiter<ChatsCall>, IChatsQuotaFeedback
    {
        public Func<ChatsCall, CancellationToken, ValueTask<RateLimitLease>>? Acquire { get; set; }

        public Action<ChatsCall, ChatsResponseInfo>? Reported { get; init; }

        public Action? Returned { get; init; }

        public Lease NewLease() => new(Returned, refusal: null);

        public override RateLimiterStatistics? GetStatistics(ChatsCall resource) => null;

        public void Report(RateLimitLease lease, ChatsCall attempt, ChatsResponseInfo response) => Reported?.Invoke(attempt, response);

        protected override RateLimitLease AttemptAcquireCore(ChatsCall resource, int permitCount) =>
            throw new NotSupportedException("A limiter over a network cannot decide at once, and must not be asked to.");

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(ChatsCall resource, int permitCount, CancellationToken cancellationToken) =>
            Acquire?.Invoke(resource, cancellationToken) ?? new(NewLease());
    }

    private sealed class Lease(Action? returned, string? refusal) : RateLimitLease
    {
        private bool _isDisposed;

        public override bool IsAcquired => refusal is null;

        public override IEnumerable<string> MetadataNames => refusal is null ? [] : [MetadataName.ReasonPhrase.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            metadata = metadataName == MetadataName.ReasonPhrase.Name ? refusal : null;
            return metadata is not null;
        }

        protected override void Dispose(bool disposing)
        {
            _isDisposed = true;
            returned?.Invoke();
            base.Dispose(disposing);
        }
    }
}
