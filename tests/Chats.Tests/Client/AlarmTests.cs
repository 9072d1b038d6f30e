using YandexMarket.Chats.Tests.Faults;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats.Tests.Client;

/// <summary>The timer of the deadlines, which is set and turned off far more often than it fires.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AlarmTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly Alarm _alarm;
    private int _rings;

    public AlarmTests() => _alarm = new Alarm(_clock, () => _rings++);

    public void Dispose() => _alarm.Dispose();

    [Test]
    public void It_rings_at_its_time_once_and_not_before()
    {
        _alarm.Set(Ms(5));

        _clock.Advance(Ms(5) - TimeSpan.FromTicks(1));
        Assert.That((_rings, _alarm.HasRung, _alarm.Left), Is.EqualTo((0, false, TimeSpan.FromTicks(1))));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.That((_rings, _alarm.HasRung, _alarm.Left), Is.EqualTo((1, true, TimeSpan.Zero)));
        _clock.Advance(Ms(100));
        Assert.That(_rings, Is.EqualTo(1));
    }

    [Test]
    public void Turned_off_it_is_silent_and_says_that_it_was_in_time()
    {
        _alarm.Set(Ms(5));
        _clock.Advance(Ms(4));

        Assert.That(_alarm.TryTurnOff());
        Assert.That(_alarm.Left, Is.EqualTo(TimeSpan.MaxValue));
        _clock.Advance(Ms(100));
        Assert.That((_rings, _alarm.HasRung, _clock.Waiting), Is.EqualTo((0, false, 0)), "and its timer has gone to rest");
    }

    [Test]
    public void It_is_too_late_to_turn_it_off_when_it_has_rung()
    {
        _alarm.Set(Ms(5));
        _clock.Advance(Ms(5));

        Assert.That(_alarm.TryTurnOff(), Is.False);
    }

    [Test]
    public void Set_for_later_it_does_not_ring_when_the_timer_of_the_first_time_fires()
    {
        _alarm.Set(Ms(5));
        _clock.Advance(Ms(4));
        _alarm.TryTurnOff();
        _alarm.Set(Ms(5));

        _clock.Advance(Ms(1));
        Assert.That(_rings, Is.Zero);
        _clock.Advance(Ms(4) - TimeSpan.FromTicks(1));
        Assert.That(_rings, Is.Zero);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(_rings, Is.EqualTo(1));
    }

    [Test]
    public void Set_for_sooner_it_does_not_wait_for_the_timer_of_the_first_time()
    {
        _alarm.Set(Ms(50));
        _alarm.TryTurnOff();
        _alarm.Set(Ms(5));

        _clock.Advance(Ms(5));

        Assert.That(_rings, Is.EqualTo(1));
    }

    [Test]
    public void It_rings_though_its_timer_fired_while_it_was_off()
    {
        _alarm.Set(Ms(5));
        _alarm.TryTurnOff();
        _clock.Advance(Ms(5));
        _alarm.Set(Ms(5));

        _clock.Advance(Ms(5));

        Assert.That(_rings, Is.EqualTo(1));
    }

    [Test]
    public void A_part_of_a_millisecond_is_waited_for_as_a_whole_one()
    {
        var watched = new WatchedClock(_clock);
        using var alarm = new Alarm(watched, () => _rings++);
        alarm.Set(TimeSpan.FromTicks(1));

        _clock.Advance(TimeSpan.Zero);
        Assert.That((_rings, watched.Changes), Is.EqualTo((0, 1)), "A timer counts whole milliseconds: for a part of one it would fire at once, again and again.");
        _clock.Advance(Ms(1));
        Assert.That(_rings, Is.EqualTo(1));
    }

    [Test]
    public void Without_a_limit_nothing_waits()
    {
        _alarm.Set(Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromDays(10_000));

        Assert.That((_rings, _clock.Waiting, _alarm.Left, _alarm.TryTurnOff()), Is.EqualTo((0, 0, TimeSpan.MaxValue, true)));
    }

    [Test]
    public void Disposed_it_leaves_no_timer_behind()
    {
        _alarm.Set(Ms(5));

        _alarm.Dispose();

        Assert.That(_clock.Waiting, Is.Zero);
    }

    [Test]
    public void One_timer_serves_a_thousand_calls_and_is_not_touched_by_them()
    {
        var watched = new WatchedClock(_clock);
        using var alarm = new Alarm(watched, () => _rings++);

        for (var call = 0; call < 1000; call++)
        {
            alarm.Set(Ms(2000));
            _clock.Advance(Ms(1));
            Assert.That(alarm.TryTurnOff());
        }

        Assert.That((watched.Timers, watched.Changes, _rings), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public void The_timer_knows_nothing_of_the_call_that_was_the_first([Values] bool flowIsSuppressedAlready)
    {
        var watched = new WatchedClock(_clock);
        using var alarm = new Alarm(watched, () => { });
        using AsyncFlowControl? outer = flowIsSuppressedAlready ? ExecutionContext.SuppressFlow() : null;

        alarm.Set(Ms(5));

        Assert.That((watched.Timers, watched.ContextOfTimer), Is.EqualTo((1, (ExecutionContext?)null)));
        Assert.That(ExecutionContext.IsFlowSuppressed(), Is.EqualTo(flowIsSuppressedAlready), "and the caller's own is as it was");
    }

    /// <summary>One thread sets it and turns it off, another moves the clock: each time just one of the two has been first.</summary>
    [Test]
    public async Task Between_turning_off_and_ringing_there_is_no_third_way()
    {
        const int Rounds = 20_000;
        var rings = 0;
        var missed = 0;
        var isOver = false;
        var time = Task.Run(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                _clock.Advance(Ms(1));
            }
        });
        var random = new Random(4);
        var alarm = New();
        for (var round = 0; round < Rounds; round++)
        {
            var before = Volatile.Read(ref rings);
            alarm.Set(Ms(random.Next(1, 4)));
            var waits = round % 100 == 0;
            Thread.SpinWait(waits ? 0 : random.Next(400));
            if (!waits && alarm.TryTurnOff())
            {
                missed += Volatile.Read(ref rings) - before;
                continue;
            }

            // It has rung, is about to, or nobody turned it off: then it must ring.
            Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref rings) == before + 1, TimeSpan.FromMinutes(1)), $"It never rang, in round {round}.");
            alarm.Dispose();
            alarm = New();
        }

        Volatile.Write(ref isOver, true);
        await time;
        alarm.Dispose();
        Assert.That(missed, Is.Zero, "It rang after it was turned off.");
        Assert.That(rings, Is.InRange(Rounds / 100, Rounds - 1), "Both ways were taken.");

        Alarm New() => new(_clock, () => Interlocked.Increment(ref rings));
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private sealed class WatchedClock(ManualClock clock) : TimeProvider
    {
        public int Timers { get; private set; }

        public int Changes { get; private set; }

        public ExecutionContext? ContextOfTimer { get; private set; }

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timers++;
            ContextOfTimer = ExecutionContext.Capture();
            return new WatchedTimer(this, clock.CreateTimer(callback, state, dueTime, period));
        }

        private sealed class WatchedTimer(WatchedClock clock, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                clock.Changes++;
                return timer.Change(dueTime, period);
            }

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
