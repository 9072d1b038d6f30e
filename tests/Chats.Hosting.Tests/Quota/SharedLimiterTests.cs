using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>The seam through which several machines share one count.</summary>
internal sealed class SharedLimiterTests
{
    [Test]
    public async Task Two_machines_share_a_limiter_that_is_put_in_place_of_ours()
    {
        using var shared = new FakeDistributedLimiter(permits: 3);
        var service = new StubHandler(200);
        await using var first = Machine(shared, service);
        await using var second = Machine(shared, service);

        await first.GetRequiredService<IChatsClient>().GetChatMessageAsync(1, 2, 3);
        await second.GetRequiredService<IChatsClient>().GetChatMessageAsync(1, 2, 3);
        await first.GetRequiredService<IChatsClient>().GetChatMessageAsync(1, 2, 3);
        var thrown = await Assert.ThrowsAsync<ChatsQuotaException>(
            () => second.GetRequiredService<IChatsClient>().SendMessageToChatAsync(1, 2, "text"));

        Assert.That((service.Requests, thrown!.MayHaveBeenSent, thrown.RetryAfter), Is.EqualTo((3, false, TimeSpan.FromMinutes(7))));
        Assert.That(shared.Reports, Is.EqualTo(["getChatMessage of business 1: 200", "getChatMessage of business 1: 200", "getChatMessage of business 1: 200"]));
        Assert.That(shared.Running, Is.Zero, "every lease came back");
    }

    [Test]
    public async Task A_limiter_that_never_answers_is_left_after_the_wait_without_a_request()
    {
        var clock = new ManualClock();
        using var silent = new FakeDistributedLimiter(permits: null);
        var service = new StubHandler(200);
        await using var provider = Machine(silent, service, clock);
        var start = clock.GetUtcNow();

        var call = Task.CompletedTask;
        ManualClock.Run(() => call = provider.GetRequiredService<IChatsClient>().SendMessageToChatAsync(1, 2, "text"));
        clock.RunWhile(() => !call.IsCompleted);

        await Assert.ThrowsAsync<ChatsQuotaException>(() => call);
        Assert.That(clock.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(service.Requests, Is.Zero);
    }

    [Test]
    public async Task All_keys_of_a_business_share_its_places()
    {
        var clock = new ManualClock();
        var gate = new TaskCompletionSource();
        using var service = new StubHandler(async (request, _, _) =>
        {
            await gate.Task;
            return StubHandler.Answer(request, 200);
        });
        await using var provider = RegistrationTests.Build(services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            foreach (var (name, key) in new[] { ("a", "key-1"), ("b", "key-1"), ("c", "key-2") })
            {
                services.AddChatsClient(name, options => options.ApiKey = key).ConfigurePrimaryHttpMessageHandler(() => service);
            }
        });

        var calls = new[] { "a", "a", "a", "b", "b", "b", "c" }
            .Select(name => provider.GetRequiredKeyedService<IChatsClient>(name).GetChatMessageAsync(1, 2, 3)).ToArray();
        var atOnce = service.Keys.ToArray();
        gate.SetResult();
        await Task.WhenAll(calls);

        Assert.That(atOnce, Is.EqualTo(["key-1", "key-1", "key-1", "key-1"]));
    }

    private static ServiceProvider Machine(FakeDistributedLimiter limiter, StubHandler service, TimeProvider? clock = null) =>
        RegistrationTests.Build(services =>
        {
            services.AddSingleton(clock ?? TimeProvider.System);
            services.AddChatsClient(options => options.ApiKey = "key").ConfigurePrimaryHttpMessageHandler(() => service);
            services.AddSingleton<PartitionedRateLimiter<ChatsCall>>(limiter);
        });

    /// <summary>As one over a shared store would be: it answers later, and learns from the answers. Null permits: it never answers.</summary>
    private sealed class FakeDistributedLimiter(int? permits) : PartitionedRateLimiter<ChatsCall>, IChatsQuotaFeedback
    {
        private int _left = permits ?? 0;

        public List<string> Reports { get; } = [];

        public int Running { get; private set; }

        public override RateLimiterStatistics? GetStatistics(ChatsCall resource) => null;

        public void Report(RateLimitLease lease, ChatsCall attempt, ChatsResponseInfo response) => Reports.Add($"{attempt}: {response.StatusCode}");

        protected override RateLimitLease AttemptAcquireCore(ChatsCall resource, int permitCount) =>
            throw new NotSupportedException("A limiter over a network has no answer at once, and must not be asked for one.");

        protected override async ValueTask<RateLimitLease> AcquireAsyncCore(ChatsCall resource, int permitCount, CancellationToken cancellationToken)
        {
            if (permits is null)
            {
                var never = new TaskCompletionSource();
                await using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
                await never.Task.ConfigureAwait(false);
            }

            await Task.Yield();
            if (_left-- <= 0)
            {
                return new RefusedLease(TimeSpan.FromMinutes(7));
            }

            Running++;
            return new Lease(this);
        }

        private sealed class Lease(FakeDistributedLimiter limiter) : RateLimitLease
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
                limiter.Running--;
                base.Dispose(disposing);
            }
        }
    }
}
