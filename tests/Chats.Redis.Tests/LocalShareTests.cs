namespace YandexMarket.Chats.Redis.Tests;

/// <summary>The share of a process without Redis.</summary>
public sealed class LocalShareTests
{
    private static readonly ChatsOperation _read = ChatsOperations.GetChatMessage;

    private readonly ManualClock _clock = new();

    [TestCase(1, 4, 1000)]
    [TestCase(2, 2, 500)]
    [TestCase(3, 1, 333)]
    [TestCase(4, 1, 250)]
    [TestCase(5000, 1, 1)]
    public void The_share_is_the_limits_divided_by_the_processes_but_at_least_one(int replicas, int atOnce, int anHour)
    {
        var share = Share(replicas);

        Assert.That((share.AtOnce, CallsOf(share)), Is.EqualTo((atOnce, anHour)));
        Assert.That(share.TryAcquire(_read, 0, out var wait), Is.False);
        Assert.That(wait, Is.EqualTo(new TimeSpan(0, 0, 39, 29, 600)), "The next hour begins.");
        _clock.Advance(wait!.Value);
        Assert.That(CallsOf(share), Is.EqualTo(anHour));
    }

    [Test]
    public void If_only_calls_in_progress_have_to_end_the_wait_is_unknown()
    {
        Assert.That(Share(2).TryAcquire(_read, running: 2, out var wait), Is.False);
        Assert.That(wait, Is.Null);
    }

    [TestCase(900, 225)]
    [TestCase(40, 10)]
    [TestCase(3, 0)]
    public void It_is_no_more_than_its_fraction_of_what_Redis_reported_as_remaining(int remaining, int calls)
    {
        var share = Share(4);
        share.Granted(_read, remaining);

        Assert.That(CallsOf(share), Is.EqualTo(calls));
        Assert.That(share.TryAcquire(ChatsOperations.SendMessageToChat, 0, out _), "The other operation has its own quota.");
    }

    [Test]
    public void Calls_that_Redis_granted_are_subtracted()
    {
        var share = Share(4);
        for (var call = 0; call < 100; call++)
        {
            share.Granted(_read, 1000);
        }

        Assert.That(CallsOf(share), Is.EqualTo(150));
    }

    [Test]
    public void Responses_correct_it()
    {
        var share = Share(4);
        share.Responded(new ChatsResponseInfo(_read, 200, rateLimit: new ChatsRateLimit(1000, 8, null)));
        Assert.That(CallsOf(share), Is.EqualTo(2));

        share = Share(4);
        share.Responded(new ChatsResponseInfo(_read, 420, limit: ChatsLimitKind.Hourly, retryAfter: TimeSpan.FromMinutes(7)));
        Assert.That((share.TryAcquire(_read, 0, out var wait), wait), Is.EqualTo((false, TimeSpan.FromMinutes(7))));

        share = Share(4);
        share.Responded(new ChatsResponseInfo(_read, 420, limit: ChatsLimitKind.Hourly));
        Assert.That((share.TryAcquire(_read, 0, out wait), wait), Is.EqualTo((false, new TimeSpan(0, 0, 39, 29, 600))));

        share = Share(4);
        share.Responded(new ChatsResponseInfo(_read, 420, limit: ChatsLimitKind.Parallel));
        Assert.That((share.TryAcquire(_read, 0, out wait), wait), Is.EqualTo((false, TimeSpan.FromMilliseconds(500))));
    }

    private static int CallsOf(LocalShare share)
    {
        var calls = 0;
        while (share.TryAcquire(_read, running: 0, out _))
        {
            calls++;
        }

        return calls;
    }

    private LocalShare Share(int replicas) => new(replicas, TimeSpan.FromHours(1), _clock);
}
