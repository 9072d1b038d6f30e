using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>Against the emulator with the limits that the service documents, over real sockets and with one virtual clock for both.</summary>
[NonParallelizable]
internal sealed class TwoHoursTests
{
    private const int Callers = 200;
    private const int Businesses = 3;

    [Test, CancelAfter(120_000)]
    public async Task Three_businesses_of_200_callers_use_the_quota_of_two_hours_without_one_420(CancellationToken cancellationToken)
    {
        var clock = new ManualClock(new DateTimeOffset(2025, 11, 21, 10, 0, 0, TimeSpan.Zero));
        await using var emulator = await ChatsEmulator.StartAsync(
            new ChatsEmulatorOptions { TimeProvider = clock, RequestsKept = 100_000 }, cancellationToken);
        emulator.AddKey(Pipeline.Key, ChatsScopes.Communication);
        var ids = Enumerable.Range(1, Businesses).ToDictionary(
            business => (long)business, business => emulator.AddBusiness(business).AddChat(1).Receive("text").Id);
        using var limiter = new QuotaLimiter(clock);
        using var network = new SocketsHttpHandler();
        var client = Pipeline.Create(
            clock,
            network,
            limiter,
            new ChatsHostingOptions { MaxAttempts = 1, MaxQuotaWait = TimeSpan.FromHours(3) },
            Timeout.InfiniteTimeSpan,
            baseAddress: emulator.BaseAddress);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        var callers = ids.SelectMany(business => Enumerable.Range(0, Callers).Select(_ => CallAsync(client, business.Key, business.Value, end.Token)))
            .ToArray();
        for (var hour = 1; hour <= 2; hour++)
        {
            await UsedUpAsync(limiter, emulator, hour * Businesses * 1000, callers, cancellationToken);
            if (hour == 1)
            {
                clock.RunUntil(new DateTimeOffset(2025, 11, 21, 11, 0, 0, TimeSpan.Zero));
            }
        }

        await end.CancelAsync();
        await Task.WhenAll(callers);
        var statuses = emulator.Requests.CountBy(request => request.Status ?? 0).ToDictionary();
        TestContext.Out.WriteLine(string.Join(", ", statuses.Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.That(statuses.Keys, Is.EqualTo([200]));
        Assert.That(statuses[200], Is.AtLeast(0.98 * 2 * Businesses * 1000));
    }

    /// <summary>The clock stands still while the network works; it moves on only when the quota of the hour has been used.</summary>
    private static async Task UsedUpAsync(
        QuotaLimiter limiter, ChatsEmulator emulator, int requests, Task[] callers, CancellationToken cancellationToken)
    {
        int last;
        do
        {
            last = emulator.Requests.Count;
            // The last answers settle what is left: nothing is under way when no request came for a while.
            await Task.Delay(200, cancellationToken);
        }
        while (emulator.Requests.Count < requests && (limiter.Remaining().Sum(left => left.Remaining) > 0 || emulator.Requests.Count != last)
            && !callers.Any(caller => caller.IsFaulted));
    }

    private static async Task CallAsync(IChatsClient client, long business, long message, CancellationToken end)
    {
        try
        {
            while (true)
            {
                await client.GetChatMessageAsync(business, 1, message, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
    }
}
