namespace YandexMarket.Chats.Emulator;

public sealed partial class ChatsNotifications
{
    private const int LargestBacklog = 10_000;

    private readonly Dictionary<long, Task> _pending = [];
    private long _started;
    private long _dropped;

    /// <summary>How many notifications are neither accepted nor abandoned yet.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>How many notifications were never sent because 10,000 were pending: a bound that keeps the memory flat.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Notifies a message once more, whether or not it was notified before: a duplicate on demand.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="ArgumentNullException">The message is null.</exception>
    /// <exception cref="InvalidOperationException">There is no <see cref="Url"/>.</exception>
    public void Resend(EmulatedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Start(RequireUrl(), MessageSent(message));
    }

    /// <summary>Waits for whatever is under way. The emulator has cancelled it before.</summary>
    internal Task StopAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_pending.Values);
        }
    }

    internal void MessageAppeared(EmulatedMessage message) => Notify(MessageSent(message));

    internal void ChatChanged(string type, EmulatedChat chat) =>
        Notify(new Notification(type, chat, null, NotificationJson.WriteChat(type, chat, _clock.GetUtcNow())));

    private static Notification MessageSent(EmulatedMessage message) =>
        new(NotificationJson.MessageSent, message.Chat, message, NotificationJson.WriteMessageSent(message));

    private void Notify(Notification notification)
    {
        if (_url is not { } url)
        {
            return;
        }

        for (var copies = _copies; copies > 0; copies--)
        {
            Start(url, notification);
        }
    }

    private void Start(Uri url, Notification notification)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            if (_pending.Count >= LargestBacklog)
            {
                _dropped++;
                return;
            }

            // The task takes the same lock to leave the list, so it cannot leave before it is in.
            var id = ++_started;
            _pending.Add(id, Task.Run(() => DeliverAsync(id, Target(url), notification), CancellationToken.None));
        }
    }

    private async Task DeliverAsync(long id, Uri url, Notification notification)
    {
        try
        {
            await DeliverAsync(url, notification).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The emulator stops, and its notifications with it.
        }

        lock (_gate)
        {
            _pending.Remove(id);
        }
    }

    private async Task DeliverAsync(Uri url, Notification notification)
    {
        var first = _clock.GetTimestamp();
        for (var number = 1; ; number++)
        {
            var result = await _receiver.PostInTurnAsync(url, notification.Body, _stopping).ConfigureAwait(false);
            var attempt = Keep(notification, number, result);
            if (attempt.Outcome != NotificationOutcome.Failed || _retryPause(_clock.GetElapsedTime(first)) is not { } pause)
            {
                return;
            }

            await Task.Delay(pause, _clock, _stopping).ConfigureAwait(false);
        }
    }

    private sealed record Notification(string Type, EmulatedChat? Chat, EmulatedMessage? Message, byte[] Body);
}
