namespace YandexMarket.Chats.AspNetCore;

/// <summary>The notifications that are being handled, and those that were handled in the last hour, 100,000 of them at most.</summary>
internal sealed class RecentNotifications(TimeProvider clock)
{
    private const int Capacity = 100_000;

    private static readonly TimeSpan _window = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<NotificationKey, TaskCompletionSource<bool>> _known = [];
    private readonly Queue<(NotificationKey Key, long At)> _order = [];

    /// <summary>
    /// Returns null if the notification is new; then <see cref="End"/> must be called. For a duplicate, returns a task that completes when the
    /// first one ends, with whether it was handled.
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

    /// <summary>Ends a notification. If it was not handled it is forgotten, so that the next attempt reaches the handler.</summary>
    public void End(NotificationKey key, bool handled)
    {
        TaskCompletionSource<bool> current;
        lock (_gate)
        {
            current = _known[key];
            if (handled)
            {
                _order.Enqueue((key, clock.GetTimestamp()));
            }
            else
            {
                _known.Remove(key);
            }
        }

        current.SetResult(handled);
    }
}
