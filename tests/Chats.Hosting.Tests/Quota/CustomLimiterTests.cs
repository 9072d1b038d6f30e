namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>The application's own limiter instead of ours: several machines can share it, and if it fails, no response and no MayHaveBeenSent is
/// lost.</summary>
internal sealed class CustomLimiterTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly StubHandler _service = StubHandler.Responding(200);
    private readonly FakeLoggerProvider _logs = new();

    public void Dispose()
    {
        _service.Dispose();
        _logs.Dispose();
    }

    [Test]
    public async Task Two_machines_share_a_custom_limiter()
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
            return left-- > 0 ? shared.NewLease() : new FailedLease(TimeSpan.FromMinutes(7));
        };
        await using var first = Build(shared);
        await using var second = Build(shared);

        await first.Client().GetChatMessageAsync(1, 2, 3);
        await second.Client().GetChatMessageAsync(1, 2, 3);
        await first.Client().GetChatMessageAsync(1, 2, 3);
        var thrown = await Assert.ThrowsAsync<ChatsQuotaException>(() => second.Client().SendMessageToChatAsync(1, 2, "text"));

        Assert.That((_service.Calls, thrown!.MayHaveBeenSent, thrown.RetryAfter, running), Is.EqualTo((3, false, TimeSpan.FromMinutes(7), 0)));
        Assert.That(reports, Is.EqualTo(Enumerable.Repeat("getChatMessage of business 1: 200", 3)));
    }

    [TestCase(false, ExpectedResult = "sendMessageToChat of business 1 was not sent, returned")]
    [TestCase(true, ExpectedResult = "returned")]
    public async Task<string> It_learns_whether_a_call_without_a_response_was_certainly_not_sent(bool wasSent)
    {
        List<string> reports = [];
        using var network = new StubHandler(async (request, _) =>
        {
            await (wasSent ? StubHandler.ReadAsync(request) : Task.CompletedTask);
            throw new HttpRequestException("refused");
        });
        await using var provider = Container.Over(
            network,
            client => client.ConfigureChatsHosting(options => options.MaxAttempts = 1),
            services => Use(services, new Limiter { NotSent = call => reports.Add($"{call} was not sent"), Returned = () => reports.Add("returned") }));

        await Assert.ThrowsAsync<ChatsConnectionException>(() => provider.Client().SendMessageToChatAsync(1, 2, "text"));

        return string.Join(", ", reports);
    }

    private static IEnumerable<TestCaseData> Failing =>
    [
        Failure("throws", (_, _) => throw new InvalidOperationException("no store"), "the limiter threw InvalidOperationException", nameof(InvalidOperationException)),
        Failure("refuses and says why", (_, _) => new(new Lease(returned: null, refusal: "the store is away")), "the store is away", thrown: null),
        Failure("returns no lease", (_, _) => default, "the limiter threw NullReferenceException", nameof(NullReferenceException)),
    ];

    [TestCaseSource(nameof(Failing))]
    public async Task One_that_fails_stops_the_call_before_anything_is_sent(
        Func<ChatsCall, CancellationToken, ValueTask<RateLimitLease>> acquire, string reason, string? thrown)
    {
        var asked = 0;
        await using var provider = Build(new Limiter { Asked = _ => asked++, Acquire = acquire });

        var failure = await Assert.ThrowsAsync<ChatsQuotaException>(() => provider.Client().SendMessageToChatAsync(1, 2, "text"));

        Assert.That(failure!.Message, Is.EqualTo($"sendMessageToChat: no request was made: {reason}. Nothing was sent."));
        Assert.That((failure.MayHaveBeenSent, failure.RetryAfter, failure.InnerException?.GetType().Name), Is.EqualTo((false, (TimeSpan?)null, thrown)));
        Assert.That((asked, _service.Calls), Is.EqualTo((1, 0)));
        Assert.That(FailuresInLog, Is.EqualTo(thrown is null ? [] : new[] { $"The limiter failed: {thrown}" }));
    }

    [TestCase(503, "503")]
    [TestCase(420, "420")]
    public async Task One_that_refuses_a_retry_does_not_hide_how_the_attempt_before_ended(int status, string reason)
    {
        using var network = StubHandler.Responding(status);
        var limiter = new Limiter();
        limiter.Acquire = (_, _) => new(network.Calls == 0 ? limiter.NewLease() : new FailedLease(TimeSpan.FromSeconds(-5)));
        await using var provider = Container.Over(
            network, client => client.ConfigureChatsHosting(options => options.RetryDelay = TimeSpan.FromMilliseconds(10)),
            services => Use(services.AddSingleton<TimeProvider>(_clock), limiter));

        var failure = (ChatsQuotaException?)await _clock.FailureOfAsync(() => provider.Client().GetChatMessageAsync(1, 2, 3));

        Assert.That(failure!.Message, Is.EqualTo(
            $"getChatMessage: after 1 attempt(s), the last of which ended with {reason}, no further request was made: " +
            "the limits of business 1 do not permit a call within the allowed wait. Retry in 0 s. Nothing was sent."));
        Assert.That(failure.RetryAfter, Is.EqualTo(TimeSpan.Zero), "never less");
    }

    [Test]
    public async Task One_that_throws_after_the_response_changes_nothing([Values] bool whenItsLeaseIsDisposed)
    {
        static void Throw() => throw new InvalidOperationException();
        await using var provider = Build(whenItsLeaseIsDisposed ? new Limiter { Returned = Throw } : new Limiter { Reported = (_, _) => Throw() });

        await provider.Client().SendMessageToChatAsync(1, 2, "text");

        Assert.That(FailuresInLog, Is.EqualTo(["The limiter failed: InvalidOperationException"]));
    }

    [Test]
    public async Task One_that_ignores_its_token_is_abandoned_after_the_wait_and_its_late_lease_is_disposed()
    {
        var late = new TaskCompletionSource<RateLimitLease>();
        var (returned, notSent) = (0, 0);
        var limiter = new Limiter { Acquire = (_, _) => new(late.Task), NotSent = _ => notSent++, Returned = () => returned++ };
        await using var provider = Build(limiter);
        var start = _clock.GetUtcNow();

        var failure = await _clock.FailureOfAsync(() => provider.Client().SendMessageToChatAsync(1, 2, "text"));
        var waited = _clock.GetUtcNow() - start;
        ManualClock.Run(() => late.SetResult(limiter.NewLease()));

        Assert.That(failure, Is.TypeOf<ChatsQuotaException>());
        Assert.That((waited, _service.Calls, notSent, returned), Is.EqualTo((TimeSpan.FromSeconds(5), 0, 1, 1)));
    }

    [Test]
    public async Task A_call_that_has_already_timed_out_does_not_wait()
    {
        TimeSpan? maxWait = null;
        await using var provider = Build(
            new Limiter { Asked = call => maxWait = call.MaxWait },
            client => client.AddInFront(ForeignHandler.Before(() => _clock.Skip(TimeSpan.FromSeconds(20)))));

        // Its timer has not fired yet: a response that is available at once is not thrown away.
        await provider.Client().GetChatMessageAsync(1, 2, 3);

        Assert.That(maxWait, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task A_retry_handler_around_ours_holds_no_permit_while_it_waits_for_another()
    {
        var (held, most) = (0, 0);
        using var network = StubHandler.Responding(503);
        await using var provider = Container.Over(
            network,
            client => client.AddInFront(ForeignHandler.SendTwice).ConfigureChatsHosting(options => options.MaxAttempts = 1),
            services => Use(services, new Limiter { Asked = _ => most = Math.Max(most, ++held), Returned = () => held-- }));

        await Assert.CatchAsync<ChatsApiException>(() => provider.Client().GetChatMessageAsync(1, 2, 3));

        Assert.That((network.Calls, most, held), Is.EqualTo((2, 1, 0)));
    }

    private IEnumerable<string> FailuresInLog => _logs.Collector.GetSnapshot().Select(entry => entry.Message)
        .Where(message => message.StartsWith("The limiter failed", StringComparison.Ordinal));

    private static TestCaseData Failure(
        string name, Func<ChatsCall, CancellationToken, ValueTask<RateLimitLease>> acquire, string reason, string? thrown) =>
        new TestCaseData(acquire, reason, thrown).SetArgDisplayNames(name);

    private static void Use(IServiceCollection services, Limiter limiter) => services.AddSingleton<PartitionedRateLimiter<ChatsCall>>(limiter);

    private ServiceProvider Build(Limiter limiter, Action<IHttpClientBuilder>? client = null) => Container.Over(_service, client, services =>
    {
        services.AddSingleton<TimeProvider>(_clock).LogTo(_logs);
        Use(services, limiter);
    });

    private sealed class Limiter : PartitionedRateLimiter<ChatsCall>, IChatsQuotaFeedback
    {
        public Action<ChatsCall>? Asked { get; init; }

        /// <summary>Decides; without it every call gets a lease.</summary>
        public Func<ChatsCall, CancellationToken, ValueTask<RateLimitLease>>? Acquire { get; set; }

        public Action<ChatsCall, ChatsResponseInfo>? Reported { get; init; }

        public Action<ChatsCall>? NotSent { get; init; }

        public Action? Returned { get; init; }

        public Lease NewLease() => new(Returned, refusal: null);

        public override RateLimiterStatistics? GetStatistics(ChatsCall resource) => null;

        public void Report(RateLimitLease lease, ChatsCall attempt, ChatsResponseInfo response) => Reported?.Invoke(attempt, response);

        public void ReportNotSent(RateLimitLease lease, ChatsCall attempt) => NotSent?.Invoke(attempt);

        protected override RateLimitLease AttemptAcquireCore(ChatsCall resource, int permitCount) =>
            throw new NotSupportedException("A limiter over a network cannot decide at once, and must not be asked to.");

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(ChatsCall resource, int permitCount, CancellationToken cancellationToken)
        {
            Asked?.Invoke(resource);
            return Acquire?.Invoke(resource, cancellationToken) ?? new(NewLease());
        }
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
