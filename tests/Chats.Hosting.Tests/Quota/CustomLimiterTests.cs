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
        var left = 3;
        var shared = new Limiter();
        shared.Acquire = async _ =>
        {
            await Task.Yield();
            return left-- > 0 ? shared.NewLease() : new Lease(retryAfter: TimeSpan.FromMinutes(7));
        };
        await using var first = Build(shared);
        await using var second = Build(shared);

        await first.Client().GetChatMessageAsync(1, 2, 3);
        await second.Client().GetChatMessageAsync(1, 2, 3);
        await first.Client().GetChatMessageAsync(1, 2, 3);
        var thrown = await Assert.ThrowsAsync<ChatsQuotaException>(() => second.Client().SendMessageToChatAsync(1, 2, "text"));

        Assert.That((_service.Calls, thrown!.MayHaveBeenSent, thrown.RetryAfter), Is.EqualTo((3, false, TimeSpan.FromMinutes(7))));
        string[] call = ["getChatMessage of business 1", "getChatMessage of business 1: 200", "returned"];
        Assert.That(shared.Log, Is.EqualTo([.. call, .. call, .. call, "sendMessageToChat of business 1"]));
    }

    [TestCase(false, "sendMessageToChat of business 1 was not sent, returned")]
    [TestCase(true, "returned")]
    public async Task It_learns_whether_a_call_without_a_response_was_certainly_not_sent(bool wasSent, string log)
    {
        using var network = new StubHandler(async (request, _) =>
        {
            await (wasSent ? StubHandler.ReadAsync(request) : Task.CompletedTask);
            throw new HttpRequestException("refused");
        });
        var limiter = new Limiter();
        await using var provider = Build(limiter, client => client.ConfigureChatsHosting(options => options.MaxAttempts = 1), network);

        await Assert.ThrowsAsync<ChatsConnectionException>(() => provider.Client().SendMessageToChatAsync(1, 2, "text"));

        Assert.That(string.Join(", ", limiter.Log.Skip(1)), Is.EqualTo(log));
    }

    private static IEnumerable<TestCaseData> Failing =>
    [
        Failure("throws", _ => throw new InvalidOperationException("no store"), "the limiter threw InvalidOperationException", nameof(InvalidOperationException)),
        Failure("refuses and says why", _ => new(new Lease(reason: "the store is away")), "the store is away", thrown: null),
        Failure("returns no lease", _ => default, "the limiter threw NullReferenceException", nameof(NullReferenceException)),
    ];

    [TestCaseSource(nameof(Failing))]
    public async Task One_that_fails_stops_the_call_before_anything_is_sent(
        Func<ChatsCall, ValueTask<RateLimitLease>> acquire, string reason, string? thrown)
    {
        var limiter = new Limiter { Acquire = acquire };
        await using var provider = Build(limiter);

        var failure = await Assert.ThrowsAsync<ChatsQuotaException>(() => provider.Client().SendMessageToChatAsync(1, 2, "text"));

        Assert.That(failure!.Message, Is.EqualTo($"sendMessageToChat: no request was made: {reason}. Nothing was sent."));
        Assert.That((failure.MayHaveBeenSent, failure.RetryAfter, failure.InnerException?.GetType().Name), Is.EqualTo((false, (TimeSpan?)null, thrown)));
        Assert.That((limiter.Log.Count, _service.Calls), Is.EqualTo((1, 0)));
        Assert.That(FailuresInLog, Is.EqualTo(thrown is null ? [] : new[] { $"The limiter failed: {thrown}" }));
    }

    [TestCase(503, "503")]
    [TestCase(420, "420")]
    public async Task One_that_rejects_a_retry_does_not_hide_how_the_attempt_before_ended(int status, string reason)
    {
        using var network = StubHandler.Responding(status);
        var limiter = new Limiter();
        limiter.Acquire = _ => new(network.Calls == 0 ? limiter.NewLease() : new Lease(retryAfter: TimeSpan.FromSeconds(-5)));
        await using var provider = Build(limiter, network: network);

        var failure = (ChatsQuotaException?)await _clock.FailureOfAsync(() => provider.Client().GetChatMessageAsync(1, 2, 3));

        Assert.That(failure!.Message, Is.EqualTo(
            $"getChatMessage: after 1 attempt(s), the last of which ended with {reason}, no further request was made: " +
            "the limits of business 1 do not permit a call within the allowed wait. Retry in 0 s. Nothing was sent."));
        Assert.That(failure.RetryAfter, Is.EqualTo(TimeSpan.Zero), "never less");
    }

    [TestCase("sendMessageToChat of business 1: 200")]
    [TestCase("returned")]
    public async Task One_that_throws_after_the_response_changes_nothing(string when)
    {
        await using var provider = Build(new Limiter { ThrowsWhen = when });

        await provider.Client().SendMessageToChatAsync(1, 2, "text");

        Assert.That(FailuresInLog, Is.EqualTo(["The limiter failed: InvalidOperationException"]));
    }

    [Test]
    public async Task One_that_ignores_its_token_is_abandoned_after_the_wait_and_its_late_lease_is_disposed()
    {
        var late = new TaskCompletionSource<RateLimitLease>();
        var limiter = new Limiter { Acquire = _ => new(late.Task) };
        await using var provider = Build(limiter);
        var start = _clock.GetUtcNow();

        var failure = await _clock.FailureOfAsync(() => provider.Client().SendMessageToChatAsync(1, 2, "text"));
        var waited = _clock.GetUtcNow() - start;
        ManualClock.Run(() => late.SetResult(limiter.NewLease()));

        Assert.That(failure, Is.TypeOf<ChatsQuotaException>());
        Assert.That((waited, _service.Calls), Is.EqualTo((TimeSpan.FromSeconds(5), 0)));
        Assert.That(limiter.Log.Skip(1), Is.EqualTo(["sendMessageToChat of business 1 was not sent", "returned"]));
    }

    [Test]
    public async Task A_call_that_has_already_timed_out_does_not_wait()
    {
        TimeSpan? maxWait = null;
        var limiter = new Limiter();
        limiter.Acquire = call =>
        {
            maxWait = call.MaxWait;
            return new(limiter.NewLease());
        };
        await using var provider = Build(limiter, client => client.AddInFront(ForeignHandler.Before(() => _clock.Skip(TimeSpan.FromSeconds(20)))));

        // Its timer has not fired yet: a response that is available at once is not thrown away.
        await provider.Client().GetChatMessageAsync(1, 2, 3);

        Assert.That(maxWait, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task A_retry_handler_around_ours_holds_no_permit_while_it_waits_for_another()
    {
        using var network = StubHandler.Responding(503);
        var limiter = new Limiter();
        await using var provider = Build(
            limiter, client => client.AddInFront(ForeignHandler.SendTwice).ConfigureChatsHosting(options => options.MaxAttempts = 1), network);

        await Assert.CatchAsync<ChatsApiException>(() => provider.Client().GetChatMessageAsync(1, 2, 3));

        string[] attempt = ["getChatMessage of business 1", "getChatMessage of business 1: 503", "returned"];
        Assert.That(limiter.Log, Is.EqualTo([.. attempt, .. attempt]));
    }

    private IEnumerable<string> FailuresInLog => _logs.Collector.GetSnapshot().Select(entry => entry.Message)
        .Where(message => message.StartsWith("The limiter failed", StringComparison.Ordinal));

    private static TestCaseData Failure(string name, Func<ChatsCall, ValueTask<RateLimitLease>> acquire, string reason, string? thrown) =>
        new TestCaseData(acquire, reason, thrown).SetArgDisplayNames(name);

    private ServiceProvider Build(Limiter limiter, Action<IHttpClientBuilder>? client = null, StubHandler? network = null) => Container.Over(
        network ?? _service, client,
        services => services.LogTo(_logs).AddSingleton<TimeProvider>(_clock).AddSingleton<PartitionedRateLimiter<ChatsCall>>(limiter));

    private sealed class Limiter : PartitionedRateLimiter<ChatsCall>, IChatsQuotaFeedback
    {
        /// <summary>The calls that asked, what was reported of them, and the leases that were returned.</summary>
        public List<string> Log { get; } = [];

        /// <summary>Decides; without it every call gets a lease.</summary>
        public Func<ChatsCall, ValueTask<RateLimitLease>>? Acquire { get; set; }

        /// <summary>It throws when this is logged.</summary>
        public string? ThrowsWhen { get; init; }

        public Lease NewLease() => new(() => Add("returned"));

        public override RateLimiterStatistics? GetStatistics(ChatsCall resource) => null;

        public void Report(RateLimitLease lease, ChatsCall attempt, ChatsResponseInfo response) => Add($"{attempt}: {response.StatusCode}");

        public void ReportNotSent(RateLimitLease lease, ChatsCall attempt) => Add($"{attempt} was not sent");

        protected override RateLimitLease AttemptAcquireCore(ChatsCall resource, int permitCount) =>
            throw new NotSupportedException("A limiter over a network cannot decide at once, and must not be asked to.");

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(ChatsCall resource, int permitCount, CancellationToken cancellationToken)
        {
            Add($"{resource}");
            return Acquire?.Invoke(resource) ?? new(NewLease());
        }

        private void Add(string what)
        {
            Log.Add(what);
            _ = what == ThrowsWhen ? throw new InvalidOperationException() : 0;
        }
    }

    /// <summary>It is acquired if it can be returned.</summary>
    private sealed class Lease(Action? dispose = null, TimeSpan? retryAfter = null, string? reason = null) : RateLimitLease
    {
        private bool _isDisposed;

        public override bool IsAcquired => dispose is not null;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : reason;
            return metadata is not null;
        }

        protected override void Dispose(bool disposing)
        {
            _isDisposed = true;
            dispose?.Invoke();
            base.Dispose(disposing);
        }
    }
}
