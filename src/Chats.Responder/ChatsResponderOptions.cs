namespace YandexMarket.Chats.Responder;

/// <summary>The options of the responder. All processes on one database should have the same values.</summary>
public sealed class ChatsResponderOptions
{
    /// <summary>The service's quotas are hourly.</summary>
    private static readonly TimeSpan _maxRetryAfter = TimeSpan.FromHours(1);

    private static readonly TimeSpan _maxSpread = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The maximum number of messages that this process handles at once, each from a different chat; 1 to 1,000. The client's limits apply as well.
    /// Default: 8.
    /// </summary>
    public int MaxConcurrency { get; set; } = 8;

    /// <summary>
    /// How long a process that stopped renewing its lease keeps a claimed message. Then another process takes it over or, if its send had begun,
    /// it is in doubt. 1 second to 1 hour. Default: 1 minute.
    /// </summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a message may stay in doubt before it needs a human; at most 1 day. Default: 10 minutes.</summary>
    public TimeSpan DoubtTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// After this many failures for its own reasons (the responder throws or times out, the service rejects the text, the process dies) a message
    /// needs a human; at least 1. Default: 10, which is about 8 minutes with the default delays. Network failures, exceeded limits, unreadable
    /// responses, a wrong key and a wrong address do not count.
    /// </summary>
    public int MaxFailures { get; set; } = 10;

    /// <summary>
    /// After this many failed attempts of any kind, counted or not, a message needs a human; at least 1. Default: 300, which is about a day
    /// with the default delays.
    /// </summary>
    public int MaxAttempts { get; set; } = 300;

    /// <summary>
    /// How long <see cref="IChatsResponder.RespondAsync"/> may take, at most 1 hour. After that, the attempt has failed. Default: 2 minutes.
    /// </summary>
    public TimeSpan RespondTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The delay before the first retry, at most 1 hour. It doubles with each further one, and varies at random by 20 %. Default: 1 second.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest delay between attempts, from <see cref="RetryDelay"/> to 1 day. If the service asks for a longer delay, that one is used, but at
    /// most 1 hour plus up to a minute at random. Default: 5 minutes.
    /// </summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How often the database is polled for messages that other processes stored or whose delay has ended: 10 milliseconds to 1 minute. Default: 1
    /// second.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long sends, and calls of <see cref="AttentionNeeded"/>, may take to finish when the host stops; then they are canceled, and the sends may
    /// be in doubt. At most 1 hour. Default: 20 seconds. Keep it below the host's own <c>ShutdownTimeout</c>.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long final messages are kept. Default: 30 days; at least 15, because the service retries a notification for 14 days, and a deleted message
    /// would be answered again.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the texts of final messages are kept, at least 1 hour. Default: null, as long as the messages.</summary>
    public TimeSpan? TextRetention { get; set; }

    /// <summary>
    /// Called when a message starts to need a human, at most once per message, in the process that noticed it; calls may run concurrently. A call may
    /// take 30 seconds, and <see cref="ShutdownTimeout"/> when the host stops; then its token is canceled. The type and
    /// stack trace of an exception are logged, without its message. Default: null.
    /// </summary>
    public Func<ChatsAttentionItem, CancellationToken, Task>? AttentionNeeded { get; set; }

    /// <summary>No delay of <see cref="DelayAfter"/> is longer.</summary>
    internal TimeSpan LongestDelay => MaxRetryDelay * 1.2 > _maxRetryAfter + _maxSpread ? MaxRetryDelay * 1.2 : _maxRetryAfter + _maxSpread;

    internal TimeSpan DelayAfter(int attempts, TimeSpan? retryAfter)
    {
        var grown = RetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempts, 30));
        var delay = TimeSpan.FromMilliseconds(Math.Min(grown, MaxRetryDelay.TotalMilliseconds));
        delay *= 0.8 + (0.4 * Random.Shared.NextDouble());
        var asked = retryAfter > _maxRetryAfter ? _maxRetryAfter : retryAfter ?? TimeSpan.Zero;
        // A whole backlog waits for the same end of a quota window: it must not become due in the same millisecond.
        asked += Random.Shared.NextDouble() * (asked / 5 < _maxSpread ? asked / 5 : _maxSpread);
        return asked > delay ? asked : delay;
    }

    /// <summary>Names each wrong option.</summary>
    internal IReadOnlyCollection<string> FindErrors() =>
    [
        .. new[]
        {
            MaxConcurrency is < 1 or > 1000 ? $"{nameof(MaxConcurrency)} must be from 1 to 1000." : null,
            MaxFailures < 1 ? $"{nameof(MaxFailures)} must be at least 1." : null,
            MaxAttempts < 1 ? $"{nameof(MaxAttempts)} must be at least 1." : null,
            Range(nameof(RespondTimeout), RespondTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)),
            Range(nameof(LeaseDuration), LeaseDuration, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            Range(nameof(DoubtTimeout), DoubtTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1)),
            Range(nameof(RetryDelay), RetryDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)),
            Range(nameof(MaxRetryDelay), MaxRetryDelay, RetryDelay, TimeSpan.FromDays(1)),
            Range(nameof(PollInterval), PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            Range(nameof(ShutdownTimeout), ShutdownTimeout, TimeSpan.Zero, TimeSpan.FromHours(1)),
            Retention < TimeSpan.FromDays(15) ? $"{nameof(Retention)} must be at least 15 days." : null,
            TextRetention < TimeSpan.FromHours(1) ? $"{nameof(TextRetention)} must be at least 1 hour." : null,
        }.OfType<string>().Select(mistake => $"{nameof(ChatsResponderOptions)}.{mistake}"),
    ];

    // .NET reads a bare number in a configuration as days, which most of the upper bounds notice.
    private static string? Range(string name, TimeSpan value, TimeSpan min, TimeSpan max) =>
        value < min || value > max ? $"{name} must be from {min} to {max}, written as hours:minutes:seconds; it is {value}." : null;
}
