namespace YandexMarket.Chats.Hosting;

/// <summary>
/// The hourly quota of one operation for one business and key: what the service has reported as used, plus each of our calls that it may
/// have counted since. So it never underestimates our own calls. Guarded by the lock of the limiter. All times are local, except those of
/// windows.
/// </summary>
internal sealed class HourlyQuota(ChatsOperation operation, string keyId, int limit, ServiceClock service, DateTimeOffset createdAt)
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    /// <summary>How long a request without a response may still reach the service: the service's own timeout.</summary>
    private static readonly TimeSpan _maxTransitTime = TimeSpan.FromSeconds(10);

    /// <summary>How often a probe is sent when the quota seems used up and the service has not said so.</summary>
    private static readonly TimeSpan _probeInterval = TimeSpan.FromMinutes(1);

    /// <summary>The end times of attempts that the service may or may not have counted.</summary>
    private readonly Queue<DateTimeOffset> _unclear = new();

    /// <summary>The most that the service has reported as used in this window.</summary>
    private int _reported;

    /// <summary>Our own calls in this window that are certainly counted, whatever the headers say.</summary>
    private int _certain;

    private int _inFlight;
    private bool _windowIsGuess = true;

    /// <summary>A minute after the last attempt began or ended.</summary>
    private DateTimeOffset _nextProbe;

    public ChatsOperation Operation => operation;

    public string KeyId => keyId;

    public int Limit { get; private set; } = limit;

    /// <summary>By the service's clock. Until a response reports it, windows are assumed to start on the hour.</summary>
    public DateTimeOffset WindowEnd { get; private set; } = NextHour(service.At(createdAt));

    private int Remaining => Math.Max(0, Limit - Settled - _inFlight);

    /// <summary>
    /// Only our own count says that the quota is used up; or the window ends in more than an hour, so this machine's clock was changed: the 420 to a
    /// probe corrects it.
    /// </summary>
    private bool MayProbe(DateTimeOffset now) => _inFlight == 0 && (_reported < Limit || WindowEnd - service.At(now) > _hour + _maxTransitTime);

    private int Settled => Math.Max(_reported + _unclear.Count, _certain);

    /// <summary>Whether it contains no state that must be kept.</summary>
    public bool IsIdle(DateTimeOffset now) => _inFlight == 0 && WindowEnd <= service.At(now - _maxTransitTime);

    public int RemainingAt(DateTimeOffset now)
    {
        Advance(now);
        return Remaining;
    }

    public bool IsAvailable(DateTimeOffset now) => Remaining > 0 || (MayProbe(now) && TimeUntilProbe(now) == TimeSpan.Zero);

    /// <summary>How long until a new window or the next probe permits a call.</summary>
    public TimeSpan TimeUntilNextAttempt(DateTimeOffset now)
    {
        var (toWindowEnd, toProbe) = (WindowEnd - service.At(now), TimeUntilProbe(now));
        return !MayProbe(now) || toProbe > toWindowEnd ? toWindowEnd : toProbe;
    }

    /// <summary>More than the interval means that the clock was set back.</summary>
    private TimeSpan TimeUntilProbe(DateTimeOffset now) => _nextProbe - now is var left && left > TimeSpan.Zero && left <= _probeInterval ? left : TimeSpan.Zero;

    /// <summary>Null if a call in progress may free a permit.</summary>
    public TimeSpan? TimeUntilAvailable(DateTimeOffset now) => Settled >= Limit ? TimeUntilNextAttempt(now) : null;

    public void Advance(DateTimeOffset now)
    {
        var time = service.At(now);
        if (time >= WindowEnd)
        {
            // The service's windows need not start on the hour: they continue from its reported end.
            var hours = ((time - WindowEnd).Ticks / _hour.Ticks) + 1;
            Begin(WindowEnd + TimeSpan.FromTicks(hours * _hour.Ticks));
            _windowIsGuess = true;
        }
    }

    public void Take(DateTimeOffset now)
    {
        _nextProbe = now + _probeInterval;
        _inFlight++;
    }

    /// <summary>Counts the outcome of an attempt: with a response, without one, or not sent.</summary>
    public void Settle(QuotaPermit permit, ChatsResponseInfo? response, bool wasSent, DateTimeOffset now)
    {
        _inFlight--;
        if (!wasSent)
        {
            return;
        }

        _nextProbe = now + _probeInterval;
        service.Learn(response?.Date, now);
        Advance(now);
        if (response is null)
        {
            _unclear.Enqueue(now);
            return;
        }

        var exhausted = response is { StatusCode: 420 or 429, Limit: ChatsLimitKind.Hourly };
        if (!BelongsToCurrentWindow(permit, response, exhausted, now, out var isStale))
        {
            if (!isStale && IsCounted(response))
            {
                _unclear.Enqueue(now);
            }

            return;
        }

        // According to the documentation 2xx and 4xx responses count; a 401 does not say whose call it was.
        _certain += response.StatusCode is (>= 200 and < 300) or ((>= 400 and < 500) and not (401 or 420 or 429)) ? 1 : 0;
        if (Used(response.RateLimit) is { } used)
        {
            _reported = Math.Max(_reported, used);
            ForgetUnclear(permit.GrantedAt - _maxTransitTime);
        }
        else if (IsCounted(response))
        {
            _unclear.Enqueue(now);
        }

        if (exhausted)
        {
            _reported = Math.Max(_reported, Limit);
        }
    }

    /// <summary>A 5xx is not counted, nor is a 401; if the service counts it after all, its headers say so later.</summary>
    private static bool IsCounted(ChatsResponseInfo response) => response.StatusCode is not 401 and (< 500 or > 599);

    /// <summary>Whether a response belongs to the current window, which it may start or move.</summary>
    private bool BelongsToCurrentWindow(QuotaPermit permit, ChatsResponseInfo response, bool exhausted, DateTimeOffset now, out bool isStale)
    {
        isStale = false;
        if (exhausted && response is { Date: { } clock, RateLimit.ResetsAt: { } reset } && reset > clock && reset <= clock + _hour
            && (clock - now).Duration() > ServiceClock.MaxSkew)
        {
            // Both times are the service's, and they agree: this machine's clock is far off.
            service.Correct(clock, now);
            (WindowEnd, _windowIsGuess) = (reset, false);
            return true;
        }

        var served = response.Date ?? service.At(now);
        if (response.RateLimit?.ResetsAt is not { } end || end > served + _hour + _maxTransitTime || end < service.At(permit.GrantedAt) - _hour)
        {
            // Missing or implausible.
            return permit.WindowEnd == WindowEnd;
        }

        if (end > WindowEnd)
        {
            Begin(end);
        }
        else if (end <= service.At(now))
        {
            // Without a Date: a request that was made after the end was rejected, so the service's clock is behind. It is asked again in a minute.
            var provesSkew = service.At(permit.GrantedAt) >= end && now - end <= ServiceClock.MaxSkew;
            var date = response.Date ?? (provesSkew ? end - _probeInterval : end);
            if (!exhausted || date >= end)
            {
                isStale = permit.WindowEnd < WindowEnd;
                return permit.WindowEnd == WindowEnd;
            }

            service.Correct(date, now);
            WindowEnd = end;
        }
        else if (_windowIsGuess)
        {
            WindowEnd = end;
        }

        _windowIsGuess = false;
        return true;
    }

    /// <summary>The used quota according to the headers; null if they are missing or contradictory.</summary>
    private int? Used(ChatsRateLimit? reported)
    {
        if (reported is not { Remaining: { } left and >= 0 } || (reported.Limit ?? Limit) is not (> 0 and var limit) || left > limit)
        {
            return null;
        }

        Limit = limit;
        return limit - left;
    }

    private void Begin(DateTimeOffset end)
    {
        WindowEnd = end;
        (_reported, _certain) = (0, 0);
        // From the window's start, not from now: a request in flight at its start may have been counted since.
        ForgetUnclear(service.ToLocal(end - _hour) - _maxTransitTime);
    }

    private void ForgetUnclear(DateTimeOffset before)
    {
        while (_unclear.Count > 0 && _unclear.Peek() <= before)
        {
            _unclear.Dequeue();
        }
    }

    private static DateTimeOffset NextHour(DateTimeOffset now) => new((now.UtcTicks / _hour.Ticks + 1) * _hour.Ticks, TimeSpan.Zero);
}
