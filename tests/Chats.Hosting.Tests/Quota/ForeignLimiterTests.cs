using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>A limiter of the user's that fails: neither the word on a send nor an answer may be lost with it.</summary>
internal sealed class ForeignLimiterTests
{
    private readonly ManualClock _clock = new();
    private readonly StubHandler _service = new(200);
    private readonly LogCollector _logs = new();

    [Test]
    public async Task One_that_throws_keeps_the_call_back_and_proves_that_nothing_was_sent()
    {
        await using var provider = Build(new Limiter { Acquire = (_, _) => throw new InvalidOperationException("no store") });

        var thrown = await Assert.ThrowsAsync<ChatsQuotaException>(() => Client(provider).SendMessageToChatAsync(1, 2, "text"));

        Assert.That((thrown!.MayHaveBeenSent, thrown.RetryAfter, _service.Requests), Is.EqualTo((false, (TimeSpan?)null, 0)));
        Assert.That(thrown.InnerException, Is.InstanceOf<InvalidOperationException>());
        Assert.That(thrown.Message, Does.Contain("the limiter threw InvalidOperationException"));
        Assert.That(_logs.Lines, Has.Some.Contains("The limiter failed").And.Contains("InvalidOperationException"));
    }

    [Test]
    public async Task One_that_refuses_may_say_why()
    {
        await using var provider = Build(new Limiter { Acquire = (_, _) => new(new Refusal()) });

        var thrown = await Assert.ThrowsAsync<ChatsQuotaException>(() => Client(provider).GetChatMessageAsync(1, 2, 3));

        Assert.That(thrown!.Message, Is.EqualTo("getChatMessage: no request was made: the store is away. Nothing was sent."));
    }

    [Test]
    public async Task One_that_throws_when_it_is_told_of_an_answer_does_not_spoil_the_answer()
    {
        await using var provider = Build(new Limiter { Reported = () => throw new InvalidOperationException() });

        await Client(provider).SendMessageToChatAsync(1, 2, "text");

        Assert.That(_logs.Lines, Has.Some.Contains("The limiter failed").And.Contains("InvalidOperationException"));
    }

    [Test]
    public async Task One_that_throws_when_it_gets_its_lease_back_does_not_spoil_the_answer()
    {
        await using var provider = Build(new Limiter { Returned = () => throw new InvalidOperationException() });

        await Client(provider).SendMessageToChatAsync(1, 2, "text");

        Assert.That(_logs.Lines, Has.Some.Contains("The limiter failed").And.Contains("InvalidOperationException"));
    }

    [Test]
    public async Task One_that_does_not_listen_to_its_token_is_left_behind_and_its_late_lease_goes_back()
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

        Assert.That((waited, _service.Requests, returned), Is.EqualTo((TimeSpan.FromSeconds(5), 0, 1)));
    }

    [Test]
    public async Task A_call_whose_time_is_over_before_it_asks_has_no_time_to_wait()
    {
        var clock = new LateClock();
        TimeSpan? maxWait = null;
        var limiter = new Limiter();
        limiter.Acquire = (call, _) =>
        {
            maxWait = call.MaxWait;
            return new(limiter.NewLease());
        };
        await using var provider = Build(limiter, clock, new Slow(() => clock.Pass(TimeSpan.FromSeconds(20))));

        // Its timer has not fired yet: there is no reason to throw away what can still be had.
        await Client(provider).GetChatMessageAsync(1, 2, 3);

        Assert.That(maxWait, Is.EqualTo(TimeSpan.Zero));
    }

    private static IChatsClient Client(IServiceProvider provider) => provider.GetRequiredService<IChatsClient>();

    private ServiceProvider Build(Limiter limiter, TimeProvider? clock = null, DelegatingHandler? inFront = null) => RegistrationTests.Build(services =>
    {
        services.AddSingleton(clock ?? _clock);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs));
        services.AddSingleton<PartitionedRateLimiter<ChatsCall>>(limiter);
        services.AddChatsClient(options => options.ApiKey = "key")
            .ConfigurePrimaryHttpMessageHandler(() => _service)
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) =>
            {
                if (inFront is not null)
                {
                    handlers.Insert(0, inFront);
                }
            });
    });

    private sealed class Slow(Action wait) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            wait();
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Limiter : PartitionedRateLimiter<ChatsCall>, IChatsQuotaFeedback
    {
        public Func<ChatsCall, CancellationToken, ValueTask<RateLimitLease>>? Acquire { get; set; }

        public Action? Reported { get; init; }

        public Action? Returned { get; init; }

        public Lease NewLease() => new Lease(Returned);

        public override RateLimiterStatistics? GetStatistics(ChatsCall resource) => null;

        public void Report(RateLimitLease lease, ChatsCall attempt, ChatsResponseInfo response) => Reported?.Invoke();

        protected override RateLimitLease AttemptAcquireCore(ChatsCall resource, int permitCount) => throw new NotSupportedException();

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(ChatsCall resource, int permitCount, CancellationToken cancellationToken) =>
            Acquire?.Invoke(resource, cancellationToken) ?? new(NewLease());
    }

    private sealed class Refusal : RateLimitLease
    {
        public override bool IsAcquired => false;

        public override IEnumerable<string> MetadataNames => [MetadataName.ReasonPhrase.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = metadataName == MetadataName.ReasonPhrase.Name ? "the store is away" : null;
            return metadata is not null;
        }
    }

    private sealed class Lease(Action? returned) : RateLimitLease
    {
        public override bool IsAcquired => true;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            returned?.Invoke();
            base.Dispose(disposing);
        }
    }
}
