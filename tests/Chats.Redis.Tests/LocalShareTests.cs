namespace YandexMarket.Chats.Redis.Tests;

public sealed class LocalShareTests
{
    private static readonly ChatsOperation _read = ChatsOperations.GetChatMessage;

    private static readonly DateTimeOffset _hourEnds = new(2025, 11, 21, 11, 0, 0, TimeSpan.Zero);

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

    [TestCase(900, 1, 225)]
    [TestCase(40, 1, 10)]
    [TestCase(3, 1, 0)]
    [TestCase(1000, 100, 150)]
    public void It_is_no_more_than_its_fraction_of_what_Redis_reported_as_remaining_less_what_Redis_granted(int remaining, int granted, int calls)
    {
        var share = Share(4);
        for (var call = 0; call < granted; call++)
        {
            share.Granted(_read, remaining, _hourEnds);
        }

        Assert.That(CallsOf(share), Is.EqualTo(calls));
        Assert.That(share.TryAcquire(ChatsOperations.SendMessageToChat, 0, out _), "The other operation has its own quota.");
    }

    [TestCase(0, 250)]
    [TestCase(60, 250)]
    public void A_call_that_was_not_sent_does_not_use_it_up(int minutes, int calls)
    {
        var share = Share(4);
        Assert.That(share.TryAcquire(_read, 0, out _));
        var window = share.WindowEnds;
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        share.NotSent(_read, window);

        Assert.That(CallsOf(share), Is.EqualTo(calls));
    }

    [TestCase(ChatsLimitKind.Hourly, 7.0, "00:07:00")]
    [TestCase(ChatsLimitKind.Hourly, null, "00:39:29.6")]
    [TestCase(ChatsLimitKind.Parallel, null, "00:00:00.5")]
    public void After_a_420_it_permits_no_call_until_the_wait_ends(ChatsLimitKind limit, double? retryAfter, string wait)
    {
        var share = Share(4);
        share.Responded(new ChatsResponseInfo(_read, 420, limit: limit, retryAfter: retryAfter is { } minutes ? TimeSpan.FromMinutes(minutes) : null));

        Assert.That((share.TryAcquire(_read, 0, out var left), $"{left:g}"), Is.EqualTo((false, $"{TimeSpan.Parse(wait, CultureInfo.InvariantCulture):g}")));
    }

    // Eight calls are said to remain for the four processes, two for each.
    [TestCase("11:00:00", null, 250)]
    [TestCase("11:00:00", "10:59:58", 250)]
    [TestCase(null, "10:59:59", 250)]
    [TestCase("12:00:00", null, 2)]
    [TestCase("12:00:00", "10:59:59", 2)]
    [TestCase(null, "11:00:00", 2)]
    [TestCase(null, null, 2)]
    public void What_a_response_says_of_the_previous_hour_does_not_limit_this_one(string? resetsAt, string? date, int calls)
    {
        var share = ShareAfterTheTurn();

        share.Responded(new ChatsResponseInfo(_read, 200, rateLimit: new ChatsRateLimit(1000, 8, At(resetsAt)), date: At(date)));

        Assert.That(CallsOf(share), Is.EqualTo(calls));
    }

    [TestCase("11:00:00", 249)]
    [TestCase("12:00:00", 2)]
    public void What_Redis_says_of_the_previous_hour_does_not_limit_this_one(string windowEnds, int calls)
    {
        var share = ShareAfterTheTurn();

        share.Granted(_read, 8, At(windowEnds)!.Value);

        Assert.That(CallsOf(share), Is.EqualTo(calls));
    }

    [Test]
    public void A_420_of_the_previous_hour_closes_this_one_only_until_it_begins_at_the_service()
    {
        var share = ShareAfterTheTurn();

        share.Responded(new ChatsResponseInfo(_read, 420, limit: ChatsLimitKind.Hourly, date: At("10:59:57")));

        Assert.That((share.TryAcquire(_read, 0, out var wait), wait), Is.EqualTo((false, TimeSpan.FromSeconds(3))));
    }

    private static DateTimeOffset? At(string? time) =>
        time is null ? null : new DateTimeOffset(2025, 11, 21, 0, 0, 0, TimeSpan.Zero) + TimeSpan.Parse(time, CultureInfo.InvariantCulture);

    private static int CallsOf(LocalShare share)
    {
        var calls = 0;
        while (share.TryAcquire(_read, running: 0, out _))
        {
            calls++;
        }

        return calls;
    }

    /// <summary>The share of one of four processes whose clock shows 11:00:02.</summary>
    private LocalShare ShareAfterTheTurn()
    {
        _clock.Advance(At("11:00:02")!.Value - _clock.GetUtcNow());
        return Share(4);
    }

    private LocalShare Share(int replicas) => new(replicas, TimeSpan.FromHours(1), _clock);
}
