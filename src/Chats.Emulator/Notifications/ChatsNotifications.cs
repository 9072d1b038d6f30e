using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// Sends the service's notifications to a receiver: a POST with CHAT_MESSAGE_SENT for every new message, including the shop's own, except
/// stickers; CHAT_CREATED for every new chat; CHAT_ARBITRAGE_STARTED and CHAT_ARBITRAGE_FINISHED for disputes. The receiver has to respond
/// with 200 and a JSON object with <c>version</c>, <c>name</c> and <c>time</c>; otherwise the notification is sent again after
/// <see cref="ChatsEmulatorOptions.NotificationRetryDelay"/>. Several are sent at once, so their order is not guaranteed. Thread-safe.
/// </summary>
public sealed class ChatsNotifications
{
    private const int MaxPending = 10_000;
    private const int AttemptsKept = 1000;

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<NotificationAttempt> _attempts = new();
    private readonly ConcurrentDictionary<long, Task> _pending = new();
    private readonly ChatsEmulatorOptions _options;
    private readonly CancellationToken _stopping;
    private readonly ConcurrencyLimiter _places;
    private readonly Receiver _receiver;
    private long _started;
    private long _dropped;

    internal ChatsNotifications(ChatsEmulatorOptions options, CancellationToken stopping) => (_options, _stopping, _places, _receiver) = (
        options,
        stopping,
        new ConcurrencyLimiter(new() { PermitLimit = options.MaxConcurrentNotifications, QueueLimit = MaxPending }),
        new Receiver(options.TimeProvider));

    /// <summary>
    /// Raised when an attempt has ended, on a thread of the emulator: return quickly. An exception thrown here ends this notification and
    /// is thrown again by <see cref="ChatsEmulator.DisposeAsync"/>.
    /// </summary>
    public event Action<NotificationAttempt>? Attempted;

    /// <summary>
    /// The URL of the receiver; null switches notifications off. Default: null. Whether the service adds <c>/notification</c> to the path
    /// is not documented: test a receiver with both. Retries of a notification go to the URL of its first attempt.
    /// </summary>
    /// <exception cref="ArgumentException">The URL is not an absolute http or https URL.</exception>
    public Uri? Url
    {
        get;
        set => field = value is null || (value.IsAbsoluteUri && (value.Scheme == Uri.UriSchemeHttp || value.Scheme == Uri.UriSchemeHttps))
            ? value
            : throw new ArgumentException("Set an absolute http or https URL, or null.", nameof(value));
    }

    /// <summary>
    /// How many times each notification is sent. Default: 1. The service may send duplicates: 2 shows whether a receiver ignores
    /// them. Zero or less: no notifications are sent.
    /// </summary>
    public int Copies { get; set; } = 1;

    /// <summary>The latest 1000 attempts, oldest first.</summary>
    public IReadOnlyList<NotificationAttempt> Attempts => _attempts.ToArray();

    /// <summary>How many notifications are neither accepted nor given up yet. At most 10,000: one more is <see cref="Dropped"/>.</summary>
    public int Pending => _pending.Count;

    /// <summary>How many notifications were never sent because too many were <see cref="Pending"/>.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// Sends a PING, as the service does before it switches notifications on: once, with <see cref="ChatsEmulatorOptions.PingTimeout"/>.
    /// </summary>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The attempt and its result.</returns>
    /// <exception cref="InvalidOperationException">There is no <see cref="Url"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled, or the emulator stops.</exception>
    public async Task<NotificationAttempt> PingAsync(CancellationToken cancellationToken = default)
    {
        var url = Url ?? throw new InvalidOperationException($"Set {nameof(ChatsNotifications)}.{nameof(Url)} first.");
        var ping = new Notification("PING", "time", _options.TimeProvider.GetUtcNow());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping);
        try
        {
            return Keep(await _receiver.PostAsync(url, ping, attempt: 1, _options.PingTimeout, either.Token).ConfigureAwait(false));
        }
        catch (ObjectDisposedException) when (_stopping.IsCancellationRequested)
        {
            throw new OperationCanceledException("The emulator has stopped.", _stopping);
        }
    }

    /// <summary>Sends the notification of a message again, or for the first time, if there is a <see cref="Url"/>.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="ArgumentNullException">The message is null.</exception>
    public void Resend(EmulatedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Notify(Notification.Of(message));
    }

    internal void Notify(Notification notification)
    {
        lock (_gate)
        {
            if (Url is not { } url || _stopping.IsCancellationRequested)
            {
                return;
            }

            for (var copies = Copies; copies > 0; copies--)
            {
                // Bounded, for a receiver that is unreachable while an emulator runs for days.
                if (_pending.Count >= MaxPending)
                {
                    Interlocked.Add(ref _dropped, copies);
                    return;
                }

                // The task needs the same lock to remove itself, so it cannot do that before it is added.
                var id = ++_started;
                _pending[id] = Task.Run(() => DeliverAsync(id, url, notification), CancellationToken.None);
            }
        }
    }

    /// <summary>Waits for what is pending, after the emulator has canceled it.</summary>
    internal async Task StopAsync()
    {
        Task[] pending;
        lock (_gate)
        {
            // After this lock none is added.
            pending = [.. _pending.Values];
        }

        try
        {
            await Task.WhenAll(pending).ConfigureAwait(false);
        }
        finally
        {
            _receiver.Dispose();
            _places.Dispose();
        }
    }

    private async Task DeliverAsync(long id, Uri url, Notification notification)
    {
        try
        {
            var first = _options.TimeProvider.GetTimestamp();
            for (var number = 1; ; number++)
            {
                NotificationAttempt attempt;

                // A slow receiver does not get the whole backlog at once.
                using (await _places.AcquireAsync(cancellationToken: _stopping).ConfigureAwait(false))
                {
                    attempt = Keep(await _receiver.PostAsync(url, notification, number, _options.NotificationTimeout, _stopping).ConfigureAwait(false));
                }

                // Status 400 means that the receiver considers the notification invalid: as documented it is not sent again.
                if (attempt.IsAccepted || attempt.Status == 400
                    || _options.NotificationRetryDelay(_options.TimeProvider.GetElapsedTime(first)) is not { } pause)
                {
                    break;
                }

                await Task.Delay(pause, _options.TimeProvider, _stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The emulator stops, and its notifications with it.
        }

        lock (_gate)
        {
            _pending.TryRemove(id, out _);
        }
    }

    private NotificationAttempt Keep(NotificationAttempt attempt)
    {
        _attempts.Enqueue(attempt);
        if (_attempts.Count > AttemptsKept)
        {
            _attempts.TryDequeue(out _);
        }

        Attempted?.Invoke(attempt);
        return attempt;
    }
}
