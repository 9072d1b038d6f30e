namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>The time of an attempt begins when it has its place in the limits: until then there is nothing to give up.</summary>
internal sealed class WaitingReadTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly QuotaLimiter _limiter;
    private readonly StubHandler _service = new(200);
    private readonly IChatsClient _client;

    public WaitingReadTests()
    {
        _limiter = Pipeline.Limiter(_clock, 1000);
        var hosting = new ChatsHostingOptions { MaxQuotaWait = TimeSpan.FromSeconds(30), AttemptTimeout = TimeSpan.FromSeconds(10) };
        _client = Pipeline.Create(_clock, _service, _limiter, hosting, TimeSpan.FromSeconds(60));
    }

    public void Dispose()
    {
        _limiter.Dispose();
        _service.Dispose();
    }

    [Test]
    public async Task It_keeps_its_place_in_the_queue_for_as_long_as_it_may_wait()
    {
        var running = Enumerable.Range(0, 4).Select(_ => Place()).ToList();
        var read = Task.CompletedTask;
        ManualClock.Run(() => read = _client.GetChatMessageAsync(1, 2, 3));
        // Somebody who comes later, and before the read has waited as long as an attempt may take.
        _clock.Advance(TimeSpan.FromSeconds(9));
        var later = _limiter.AcquireAsync(new ChatsCall(ChatsOperations.GetChatMessage, Pipeline.Service, 1, new KeyId().Of(Pipeline.Key), TimeSpan.FromMinutes(1)), 1).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(11));

        ManualClock.Run(() => running[0].Dispose());

        Assert.That((read.IsCompleted, later.IsCompleted), Is.EqualTo((true, true)), "the read first, and at once, and then the other");
        await read;
        Assert.That(_clock.GetUtcNow().Second, Is.EqualTo(50));
    }

    [Test]
    public async Task In_the_end_it_is_told_that_there_was_no_room_and_not_that_the_time_was_over()
    {
        var start = _clock.GetUtcNow();
        foreach (var _ in Enumerable.Range(0, 4))
        {
            Place();
        }

        var read = Task.CompletedTask;
        ManualClock.Run(() => read = _client.GetChatMessageAsync(1, 2, 3));
        _clock.RunWhile(() => !read.IsCompleted);

        await Assert.ThrowsAsync<ChatsQuotaException>(() => read);
        Assert.That(_clock.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(_service.Requests, Is.Zero);
    }

    private System.Threading.RateLimiting.RateLimitLease Place() =>
        _limiter.AttemptAcquire(new ChatsCall(ChatsOperations.SendMessageToChat, Pipeline.Service, 1, new KeyId().Of(Pipeline.Key), TimeSpan.Zero));
}
