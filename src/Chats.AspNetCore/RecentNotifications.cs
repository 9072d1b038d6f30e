namespace YandexMarket.Chats.AspNetCore;

/// <summary>The notifications that are being handled, and those that were in the last hour: at most 100,000 of these.</summary>
internal sealed class RecentNotifications(TimeProvider clock)
{
    private const int Capacity = 100_000;

    private static readonly TimeSpan _window = TimeSpan.FromHours(1);
    private static readonly TaskCompletionSource<bool> _handled = Completed();

    private readonly Lock _gate = new();
    private readonly Dictionary<NotificationKey, TaskCompletionSource<bool>> _known = [];
    private readonly Queue<(NotificationKey Key, long At)> _order = [];

    /// <summary>How many are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _known.Count;
            }
        }
    }

    /// <summary>
    /// Starts a notification: null if it is new, and then <see cref="End"/> has to follow; otherwise whether the earlier one was handled,
    /// which may take as long as its handler does.
    /// </summary>
    public Task<bool>? Start(NotificationKey key)
    {
        lock (_gate)
        {
            while (_order.TryPeek(out var oldest) && (_order.Count > Capacity || clock.GetElapsedTime(oldest.At) >= _window))
            {
                _order.Dequeue();
                _known.Remove(oldest.Key);
            }

            if (_known.TryGetValue(key, out var earlier))
            {
                return earlier.Task;
            }

            _known.Add(key, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
            return null;
        }
    }

    /// <summary>Ends a notification. One that was not handled is forgotten, so that the next attempt reaches the handler.</summary>
    public void End(NotificationKey key, bool handled)
    {
        TaskCompletionSource<bool> current;
        lock (_gate)
        {
            current = _known[key];
            if (handled)
            {
                _known[key] = _handled;
                _order.Enqueue((key, clock.GetTimestamp()));
            }
            else
            {
                _known.Remove(key);
            }
        }

        current.SetResult(handled);
    }

    private static TaskCompletionSource<bool> Completed()
    {
        var source = new TaskCompletionSource<bool>();
        source.SetResult(true);
        return source;
    }
}
