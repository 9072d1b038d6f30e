namespace YandexMarket.Chats.Redis.Tests;

/// <summary>What a process may do without Redis.</summary>
public sealed class LocalShareTests
{
    private static readonly ChatsOperation _read = ChatsOperations.GetChatMessage;

    private readonly ManualClock _clock = new();

    [TestCase(1, 4, 1000)]
    [TestCase(2, 2, 500)]
    [TestCase(3, 1, 333)]
    [TestCase(4, 1, 250)]
    [TestCase(5000, 1, 1)]
    public void The_limits_divided_by_the_processes_and_at_least_one(int replicas, int atOnce, int anHour)
    {
        var share = Share(replicas);

        Assert.That((share.AtOnce, CallsOf(share)), Is.EqualTo((atOnce, anHour)));
        Assert.That(share.TryTake(_read, 0, out var wait), Is.False);
        Assert.That(wait, Is.EqualTo(new TimeSpan(0, 0, 39, 29, 600)), "The next hour begins.");
        _clock.Advance(wait!.Value);
        Assert.That(CallsOf(share), Is.EqualTo(anHour));
    }

    [Test]
    public void Only_calls_under_way_stand_in_the_way()
    {
        Assert.That(Share(2).TryTake(_read, running: 2, out var wait), Is.False);
        Assert.That(wait, Is.Null);
    }

    [TestCase(900, 225)]
    [TestCase(40, 10)]
    [TestCase(3, 0)]
    public void No_more_than_a_part_of_what_Redis_said_is_left(int remaining, int calls)
    {
        var share = Share(4);
        share.Granted(_read, remaining);

        Assert.That(CallsOf(share), Is.EqualTo(calls));
        Assert.That(share.TryTake(ChatsOperations.SendMessageToChat, 0, out _), "The other operation has a quota of its own.");
    }

    [Test]
    public void Calls_that_Redis_granted_are_taken_off()
    {
        var share = Share(4);
        for (var call = 0; call < 100; call++)
        {
            share.Granted(_read, 1000);
        }

        Assert.That(CallsOf(share), Is.EqualTo(150));
    }

    [Test]
    public void Responses_are_heard()
    {
        var share = Share(4);
        share.Responded(new ChatsResponseInfo(_read, 200, rateLimit: new ChatsRateLimit(1000, 8, null)));
        Assert.That(CallsOf(share), Is.EqualTo(2));

        share = Share(4);
        share.Responded(new ChatsResponseInfo(_read, 420, limit: ChatsLimitKind.Hourly, retryAfter: TimeSpan.FromMinutes(7)));
        Assert.That((share.TryTake(_read, 0, out var wait), wait), Is.EqualTo((false, TimeSpan.FromMinutes(7))));

        share = Share(4);
        share.Responded(new ChatsResponseInfo(_read, 420, limit: ChatsLimitKind.Hourly));
        Assert.That((share.TryTake(_read, 0, out wait), wait), Is.EqualTo((false, new TimeSpan(0, 0, 39, 29, 600))));

        share = Share(4);
        share.Responded(new ChatsResponseInfo(_read, 420, limit: ChatsLimitKind.Parallel));
        Assert.That((share.TryTake(_read, 0, out wait), wait), Is.EqualTo((false, TimeSpan.FromMilliseconds(500))));
    }

    private static int CallsOf(LocalShare share)
    {
        var calls = 0;
        while (share.TryTake(_read, running: 0, out _))
        {
            calls++;
        }

        return calls;
    }

    private LocalShare Share(int replicas) => new(replicas, TimeSpan.FromHours(1), _clock);
}
