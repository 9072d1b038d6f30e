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

    // The one of 10:59:57 was of the previous hour at the service, whose hour begins three seconds later.
    [TestCase("10:20:30.4", ChatsLimitKind.Hourly, 7.0, null, "00:07:00")]
    [TestCase("10:20:30.4", ChatsLimitKind.Hourly, null, null, "00:39:29.6")]
    [TestCase("10:20:30.4", ChatsLimitKind.Parallel, null, null, "00:00:00.5")]
    [TestCase("11:00:02", ChatsLimitKind.Hourly, null, "10:59:57", "00:00:03")]
    public void After_a_420_it_permits_no_call_until_the_wait_ends(string time, ChatsLimitKind limit, double? retryAfter, string? date, string wait)
    {
        _clock.RunUntil(At(time)!.Value);
        var share = Share(4);
        share.Responded(new ChatsResponseInfo(
            _read, 420, limit: limit, date: At(date), retryAfter: retryAfter is { } minutes ? TimeSpan.FromMinutes(minutes) : null));

        Assert.That((share.TryAcquire(_read, 0, out var left), left), Is.EqualTo((false, TimeSpan.Parse(wait, CultureInfo.InvariantCulture))));
    }

    // Eight calls are said to remain for the four processes, two for each.
    [TestCase("11:00:00", null, 250)]
    [TestCase("11:00:00", "10:59:58", 250)]
    [TestCase(null, "10:59:59", 250)]
    [TestCase("12:00:00", null, 2)]
    [TestCase("12:00:00", "10:59:59", 2)]
    [TestCase(null, "11:00:00", 2)]
    [TestCase(null, null, 2)]
    // What Redis said with the permit of one call.
    [TestCase("11:00:00", "Redis", 249)]
    [TestCase("12:00:00", "Redis", 2)]
    public void What_is_said_of_the_previous_hour_does_not_limit_this_one(string? resetsAt, string? date, int calls)
    {
        _clock.RunUntil(At("11:00:02")!.Value);
        var share = Share(4);

        if (date == "Redis")
        {
            share.Granted(_read, 8, At(resetsAt)!.Value);
        }
        else
        {
            share.Responded(new ChatsResponseInfo(_read, 200, rateLimit: new ChatsRateLimit(1000, 8, At(resetsAt)), date: At(date)));
        }

        Assert.That(CallsOf(share), Is.EqualTo(calls));
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

    private LocalShare Share(int replicas) => new(replicas, TimeSpan.FromHours(1), _clock);
}
