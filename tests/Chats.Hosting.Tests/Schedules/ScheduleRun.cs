namespace YandexMarket.Chats.Hosting.Tests;

internal sealed record CallEnd(string Outcome, bool? MayHaveBeenSent, long EndedAt);

/// <summary>Plays a schedule to its end in virtual time and looks for broken promises.</summary>
internal sealed class ScheduleRun : IDisposable
{
    private static readonly string _key = new ClientKey().IdOf(Pipeline.Key);

    private readonly Schedule _schedule;
    private readonly ManualClock _clock;
    private readonly SimulatedService _service;
    private readonly QuotaLimiter _limiter;
    private readonly IChatsClient _client;
    private readonly CallEnd?[] _ends;
    private readonly DateTimeOffset _start;
    private bool _keepsTime = true;

    private ScheduleRun(Schedule schedule)
    {
        _schedule = schedule;
        _start = new DateTimeOffset(2025, 11, 21, 10, 0, 0, TimeSpan.Zero).AddSeconds(schedule.StartSecond);
        _clock = new ManualClock(_start);
        _ends = new CallEnd?[schedule.Steps.Length];
        _service = new SimulatedService(_clock, schedule);
        _limiter = Pipeline.Limiter(_clock, schedule.Quota);
        var hosting = new ChatsHostingOptions
        {
            MaxAttempts = schedule.MaxAttempts,
            MaxQuotaWait = TimeSpan.FromMilliseconds(schedule.MaxQuotaWaitMs),
            AttemptTimeout = TimeSpan.FromSeconds(4),
        };
        _client = Pipeline.Create(_clock, _service, _limiter, hosting, TimeSpan.FromMilliseconds(schedule.TimeoutMs));
    }

    /// <summary>What each call came to, for comparing runs.</summary>
    public static IReadOnlyList<CallEnd?> Ends(Schedule schedule)
    {
        using var run = new ScheduleRun(schedule);
        run.Play();
        return run._ends;
    }

    public static string? BrokenPromise(Schedule schedule)
    {
        using var run = new ScheduleRun(schedule);
        run.Play();
        return run.FaultInCalls() ?? run.FaultInLimits();
    }

    public void Dispose() => _service.Dispose();

    private void Play()
    {
        for (var i = 0; i < _schedule.Steps.Length; i++)
        {
            var number = i;
            _clock.At(_start.AddMilliseconds(_schedule.Steps[i].At), () =>
            {
                _ = CallAsync(number);
                // Made after the call's own timer, so that it fires after it.
                _clock.At(_clock.GetUtcNow().AddMilliseconds(_schedule.TimeoutMs), () => WaitForEnd(number));
            });
        }

        // Everything that waits in this run waits for the clock; what is on its way after the last call ended arrives, too.
        _clock.RunWhile(() => true);
    }

    /// <summary>
    /// A delay that is canceled can go on on another thread: the clock must not run ahead of it. This never waits in a run that keeps its promises,
    /// and only once in one that does not.
    /// </summary>
    private void WaitForEnd(int number) =>
        _keepsTime = _keepsTime && SpinWait.SpinUntil(() => Volatile.Read(ref _ends[number]) is not null, TimeSpan.FromSeconds(5));

    private async Task CallAsync(int number)
    {
        var step = _schedule.Steps[number];
        using var cancellation = new CancellationTokenSource();
        if (step.CancelAfter > 0)
        {
            _clock.At(_clock.GetUtcNow().AddMilliseconds(step.CancelAfter), () =>
            {
                if (Volatile.Read(ref _ends[number]) is null)
                {
                    cancellation.Cancel();
                    WaitForEnd(number);
                }
            });
        }

        void End(string outcome, bool? mayHaveBeenSent) =>
            Volatile.Write(ref _ends[number], new(outcome, mayHaveBeenSent, (long)(_clock.GetUtcNow() - _start).TotalMilliseconds));
        try
        {
            await (step.Sends
                ? _client.SendMessageToChatAsync(step.Business, number + 1, "text", cancellation.Token)
                : _client.GetChatMessageAsync(step.Business, 1, number + 1, cancellation.Token));
            End("ok", null);
        }
        catch (ChatsException exception)
        {
            End(exception.GetType().Name, exception.MayHaveBeenSent);
        }
        catch (ChatsCanceledException exception) when (cancellation.IsCancellationRequested)
        {
            End("canceled", exception.MayHaveBeenSent);
        }
        catch (Exception exception)
        {
            End($"not one of ours: {exception}", null);
        }
    }

    private string? FaultInCalls() => _ends
        .Select((end, number) => FaultIn(_schedule.Steps[number], end, _service.Taken[number], _service.Attempts[number]) is { } fault
            ? $"call {number + 1}: {fault} ({end})"
            : null)
        .FirstOrDefault(fault => fault is not null);

    private string? FaultIn(Step step, CallEnd? end, int taken, int attempts) => end switch
    {
        null => "it never ended",
        _ when end.Outcome.StartsWith("not one", StringComparison.Ordinal) => "an exception that nobody declared",
        _ when taken > 1 => $"the text was taken {taken} times",
        { Outcome: "ok" } when step.Sends && taken != 1 => "it succeeded, but the text was not taken",
        { MayHaveBeenSent: false } when taken > 0 => "the client says not sent, but the text was taken",
        { MayHaveBeenSent: true } when !step.Sends => "a read that may have been sent",
        { MayHaveBeenSent: true } when attempts == 0 => "the client says that it may have been sent, but made no request",
        _ when end.EndedAt > step.At + _schedule.TimeoutMs => "it ended after its deadline",
        { Outcome: "canceled" } when end.EndedAt != step.At + step.CancelAfter => "it ended later than it was canceled",
        { Outcome: nameof(ChatsConnectionException) } when attempts == 0 && end.EndedAt < step.At + _schedule.TimeoutMs =>
            "it was abandoned before it had a permit",
        { Outcome: nameof(ChatsQuotaException) } when attempts == 0 && end.EndedAt > step.At + _schedule.MaxQuotaWaitMs =>
            "it waited longer for a place than it may",
        _ => null,
    };

    private string? FaultInLimits()
    {
        if (_service.Refusals.Count > 0)
        {
            return $"the service had to refuse: {_service.Refusals[0]}";
        }

        // Every permit must have been released, and the queue must be empty: after two hours four calls are allowed at once.
        _clock.Advance(TimeSpan.FromHours(2));
        foreach (var business in _schedule.Steps.Select(step => step.Business).Distinct())
        {
            for (var place = 1; place <= Math.Min(4, _schedule.Quota); place++)
            {
                var call = new ChatsCall(ChatsOperations.GetChatMessage, Pipeline.Service, business, _key, TimeSpan.Zero);
                if (!_limiter.EnterAsync(call, CancellationToken.None).AsTask().IsCompletedSuccessfully)
                {
                    return $"business {business} has lost a permit: only {place - 1} at once are left";
                }
            }
        }

        return null;
    }
}
