namespace YandexMarket.Chats.Wire;

/// <summary>A limit of time, joined with whatever else can end what it limits: it ends with whichever is first.</summary>
internal sealed class Deadline : CancellationTokenSource
{
    private static readonly Action<object?> _end = static deadline => ((Deadline)deadline!).Cancel();

    private readonly TimeProvider _clock;
    private readonly Alarm _alarm;
    private CancellationToken _caller;
    private CancellationToken _client;
    private CancellationTokenRegistration _ofCaller;
    private CancellationTokenRegistration _ofClient;

    private Deadline(TimeProvider clock)
    {
        _clock = clock;
        _alarm = new Alarm(clock, Cancel);
    }

    /// <summary>Whether it has ended, for whatever reason.</summary>
    public bool IsOver => IsCancellationRequested;

    public bool TimeIsOver => _alarm.HasRung;

    /// <summary>How much of the time is left; the longest there is, if there is no limit.</summary>
    public TimeSpan TimeLeft => _alarm.Left;

    public bool CallerCanceled => _caller.IsCancellationRequested;

    public bool ClientClosed => _client.IsCancellationRequested;

    public static Deadline Start(TimeSpan timeout, TimeProvider clock, CancellationToken caller, CancellationToken client = default)
    {
        var deadline = Take(clock);
        (deadline._caller, deadline._client) = (caller, client);
        // Cheaper than a linked source, and nothing at all for a token that cannot be canceled.
        deadline._ofCaller = caller.UnsafeRegister(_end, deadline);
        deadline._ofClient = client.UnsafeRegister(_end, deadline);
        deadline._alarm.Set(timeout);
        return deadline;
    }

    /// <summary>The caller's own cancellation, without what happened on the network because of it.</summary>
    public OperationCanceledException Canceled() => new(_caller);

    protected override void Dispose(bool disposing)
    {
        // Waits for a cancellation that is under way: after it, only the alarm can end this.
        _ofCaller.Dispose();
        _ofClient.Dispose();
        if (!_alarm.TryTurnOff())
        {
            // It ends this just now, perhaps, and what is disposed cannot be ended. There is nothing in it that the collector does not free.
            _alarm.Dispose();
        }
        else if (!TryKeep())
        {
            _alarm.Dispose();
            base.Dispose(disposing);
        }
    }

#if NET
    // One that has ended nothing is as good as new, and its timer runs: a thread keeps two, of a call and of an attempt in it.
    [ThreadStatic]
    private static Deadline? _spare;

    private Deadline? _otherSpare;

    private static Deadline Take(TimeProvider clock)
    {
        if (clock != TimeProvider.System || _spare is not { } deadline)
        {
            return new Deadline(clock);
        }

        (_spare, deadline._otherSpare) = (deadline._otherSpare, null);
        return deadline;
    }

    private bool TryKeep()
    {
        var spare = _spare;
        if (_clock != TimeProvider.System || spare?._otherSpare is not null || !TryReset())
        {
            return false;
        }

        (_caller, _client, _ofCaller, _ofClient) = (default, default, default, default);
        _otherSpare = spare;
        _spare = this;
        return true;
    }
#else
    private static Deadline Take(TimeProvider clock) => new(clock);

    private static bool TryKeep() => false;
#endif
}
