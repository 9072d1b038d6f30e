namespace YandexMarket.Chats.Emulator;

/// <summary>
/// Tells a receiver of chats, as the service does where its owner has switched that on: a POST with CHAT_MESSAGE_SENT for every message
/// that appears, those of the shop itself included, but for stickers; CHAT_CREATED for every new chat; CHAT_ARBITRAGE_STARTED and
/// CHAT_ARBITRAGE_FINISHED for disputes. The receiver has to answer 200 with a JSON object of <c>version</c>, <c>name</c> and <c>time</c>;
/// otherwise the notification is sent again on <see cref="ChatsEmulatorOptions.NotificationRetryPause"/>. Several are under way at once, so
/// their order is not promised. Thread-safe.
/// </summary>
public sealed partial class ChatsNotifications
{
    private const int AttemptsKept = 1000;

    private readonly Lock _gate = new();
    private readonly Ring<NotificationAttempt> _attempts = new(AttemptsKept);
    private readonly TimeProvider _clock;
    private readonly Func<TimeSpan, TimeSpan?> _retryPause;
    private readonly Receiver _receiver;
    private readonly CancellationToken _stopping;
    private readonly bool _appendsPath;
    private volatile Uri? _url;
    private volatile int _copies = 1;

    internal ChatsNotifications(ChatsEmulatorOptions options, Receiver receiver, CancellationToken stopping)
    {
        _clock = options.TimeProvider;
        _retryPause = options.NotificationRetryPause;
        _receiver = receiver;
        _stopping = stopping;
        _appendsPath = options.AppendsNotificationPath;
        _url = options.NotificationUrl;
    }

    /// <summary>
    /// Raised for each attempt when it has ended, on a thread of the emulator: return quickly. An exception thrown here ends this
    /// notification and comes out of <see cref="ChatsEmulator.DisposeAsync"/>.
    /// </summary>
    public event Action<NotificationAttempt>? Attempted;

    /// <summary>
    /// Where notifications go, as one whole URL, to which <see cref="ChatsEmulatorOptions.AppendsNotificationPath"/> may add; null switches
    /// them off. Default: <see cref="ChatsEmulatorOptions.NotificationUrl"/>. A
    /// notification that waits to be sent again goes to the URL it was first sent to.
    /// </summary>
    /// <exception cref="ArgumentException">The URL is not an absolute one of http or https.</exception>
    public Uri? Url
    {
        get => _url;
        set => _url = IsAllowed(value)
            ? value
            : throw new ArgumentException("Give an absolute http or https URL, or null for none.", nameof(value));
    }

    /// <summary>
    /// How many times each event is notified. Default: 1. The service may notify one event several times: with 2 a receiver shows whether
    /// it drops duplicates.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public int Copies
    {
        get => _copies;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _copies = value;
        }
    }

    /// <summary>The latest 1000 attempts, oldest first.</summary>
    public IReadOnlyList<NotificationAttempt> Attempts
    {
        get
        {
            lock (_gate)
            {
                return _attempts.ToArray();
            }
        }
    }

    /// <summary>
    /// Asks the receiver whether it is there, as the service does before it switches notifications on. It is asked once, and has
    /// <see cref="ChatsEmulatorOptions.PingTimeout"/> for its response.
    /// </summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="InvalidOperationException">There is no <see cref="Url"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the emulator stops.</exception>
    public async Task<NotificationAttempt> PingAsync(CancellationToken cancellationToken = default)
    {
        var url = RequireUrl();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping);
        var body = NotificationJson.WritePing(_clock.GetUtcNow());
        var result = await _receiver.PingAsync(Target(url), body, either.Token).ConfigureAwait(false);
        return Keep(new Notification(NotificationJson.Ping, null, null, body), 1, result);
    }

    internal static bool IsAllowed(Uri? url) =>
        url is null || (url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps));

    private Uri RequireUrl() => _url
        ?? throw new InvalidOperationException($"There is nobody to tell: set {nameof(ChatsNotifications)}.{nameof(Url)} first.");

    private Uri Target(Uri url) =>
        _appendsPath ? new UriBuilder(url) { Path = $"{url.AbsolutePath.TrimEnd('/')}/notification" }.Uri : url;

    private NotificationAttempt Keep(Notification notification, int number, ReceiverResponse result)
    {
        var attempt = new NotificationAttempt
        {
            EndedAt = _clock.GetUtcNow(),
            Type = notification.Type,
            Chat = notification.Chat,
            Message = notification.Message,
            Attempt = number,
            Outcome = result.Outcome,
            Duration = result.Duration,
            Status = result.Status,
            Problem = result.Problem,
            Response = result.Body,
        };
        lock (_gate)
        {
            _attempts.Add(attempt);
        }

        Attempted?.Invoke(attempt);
        return attempt;
    }
}
