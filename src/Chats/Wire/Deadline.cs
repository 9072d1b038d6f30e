namespace YandexMarket.Chats.Wire;

/// <summary>A limit of time, joined with whatever else can end what it limits: it ends with whichever is first.</summary>
internal sealed class Deadline : CancellationTokenSource
{
    private static readonly Action<object?> _end = static deadline => ((Deadline)deadline!).Cancel();

    private readonly TimeProvider _clock;
    private readonly Alarm _alarm;
    private CancellationToken _client;
    private CancellationTokenRegistration _ofClient;
    private CancellationToken _caller;
    private CancellationTokenRegistration _ofCaller;

    private Deadline(TimeProvider clock, CancellationToken client)
    {
        _clock = clock;
        _alarm = new Alarm(clock, Cancel);
        _client = client;
        _ofClient = client.UnsafeRegister(_end, this);
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
        var deadline = Take(clock, client);
        deadline._caller = caller;
        // Cheaper than a linked source, and nothing at all for a token that cannot be canceled.
        deadline._ofCaller = caller.UnsafeRegister(_end, deadline);
        deadline._alarm.Set(timeout);
        return deadline;
    }

    /// <summary>The caller's own cancellation, without what happened on the network because of it.</summary>
    public OperationCanceledException Canceled() => new(_caller);

    protected override void Dispose(bool disposing)
    {
        // Waits for a cancellation that is under way.
        _ofCaller.Dispose();
        if (!_alarm.TryTurnOff())
        {
            // It ends this just now, perhaps, and what is disposed cannot be ended. There is nothing in it that the collector does not free.
            Leave();
        }
        else if (!TryKeep())
        {
            Leave();
            base.Dispose(disposing);
        }
    }

    private void Leave()
    {
        _ofClient.Dispose();
        _alarm.Dispose();
    }

#if NET
    // One that has ended nothing is as good as new, its timer runs and its client knows it: a thread keeps two, of a call and of an attempt
    // in it.
    [ThreadStatic]
    private static Deadline? _spare;

    private Deadline? _otherSpare;

    private static Deadline Take(TimeProvider clock, CancellationToken client)
    {
        if (clock == TimeProvider.System && _spare is { } deadline)
        {
            (_spare, deadline._otherSpare) = (deadline._otherSpare, null);
            if (deadline._client == client || deadline.TryMoveTo(client))
            {
                return deadline;
            }
        }

        return new Deadline(clock, client);
    }

    private bool TryMoveTo(CancellationToken client)
    {
        _ofClient.Dispose();
        if (IsCancellationRequested)
        {
            // The client that it was kept for has closed since.
            Leave();
            return false;
        }

        _client = client;
        _ofClient = client.UnsafeRegister(_end, this);
        return true;
    }

    private bool TryKeep()
    {
        var spare = _spare;
        if (_clock != TimeProvider.System || spare?._otherSpare is not null || !TryReset())
        {
            return false;
        }

        (_caller, _ofCaller, _otherSpare) = (default, default, spare);
        _spare = this;
        return true;
    }
#else
    private static Deadline Take(TimeProvider clock, CancellationToken client) => new(clock, client);

    private static bool TryKeep() => false;
#endif
}
