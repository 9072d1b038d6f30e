namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>Against the emulator with its own limits, over real sockets and with one virtual clock for both.</summary>
[NonParallelizable]
internal sealed class TwoHoursTests
{
    private const int Callers = 200;
    private const int Businesses = 3;

    // A quarter of what the service documents: what counts is that the callers are many and the quota is used up.
    private const int Quota = 250;

    private int _begun;
    private int _ended;

    [Test]
    public async Task Three_businesses_with_200_callers_use_the_quota_of_two_hours_without_a_420()
    {
        var clock = new ManualClock(new DateTimeOffset(2025, 11, 21, 10, 0, 0, TimeSpan.Zero));
        await using var emulator = await ChatsEmulator.StartAsync(
            new ChatsEmulatorOptions { TimeProvider = clock, HourlyQuota = Quota, MaxRecordedRequests = 2 * Businesses * Quota });
        emulator.AddKey(Pipeline.Key, ChatsScopes.Communication);
        var ids = Enumerable.Range(1, Businesses).ToDictionary(
            business => (long)business, business => emulator.AddBusiness(business).AddChat(1).Receive("text").Id);
        var limiter = Pipeline.Limiter(clock, Quota, TaskCreationOptions.RunContinuationsAsynchronously);
        using var network = new SocketsHttpHandler();
        var hosting = new ChatsHostingOptions { MaxAttempts = 1, MaxQuotaWait = TimeSpan.FromHours(3) };
        var client = Pipeline.Create(clock, network, limiter, hosting, Timeout.InfiniteTimeSpan, emulator.BaseAddress);
        using var end = new CancellationTokenSource();

        var callers = ids.SelectMany(business => Enumerable.Range(0, Callers).Select(_ => CallAsync(client, business.Key, business.Value, end.Token)))
            .ToArray();
        for (var hour = 1; hour <= 2; hour++)
        {
            // The clock stands still while the network works, and goes on when the quota of the hour is used up and every caller waits in the limiter
            // again: a wait that is computed while the clock jumps by an hour would be an hour too long.
            await Until.TrueAsync(() => callers.Any(caller => caller.IsFaulted)
                || (Volatile.Read(ref _ended) == hour * Businesses * Quota && Volatile.Read(ref _begun) == Volatile.Read(ref _ended) + (Businesses * Callers)));
            if (hour == 1)
            {
                clock.RunUntil(new DateTimeOffset(2025, 11, 21, 11, 0, 0, TimeSpan.Zero));
            }
        }

        await end.CancelAsync();
        await Task.WhenAll(callers);
        Assert.That(emulator.Requests.Select(request => request.Status), Has.Exactly(2 * Businesses * Quota).EqualTo(200).And.All.EqualTo(200));
    }

    private async Task CallAsync(IChatsClient client, long business, long message, CancellationToken end)
    {
        try
        {
            while (true)
            {
                var call = client.GetChatMessageAsync(business, 1, message, end);
                Interlocked.Increment(ref _begun);
                await call;
                Interlocked.Increment(ref _ended);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
    }
}
