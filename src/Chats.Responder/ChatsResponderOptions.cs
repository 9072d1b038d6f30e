namespace YandexMarket.Chats.Responder;

/// <summary>How the responder works. All processes on one database should have the same.</summary>
public sealed class ChatsResponderOptions
{
    /// <summary>How many messages this process handles at once, each of another chat. Default: 8. The client's own limits apply besides.</summary>
    public int MaxConcurrency { get; set; } = 8;

    /// <summary>
    /// How long a claimed message belongs to its process after the last sign of life; then another one takes it over, or, if its send had begun,
    /// it is in doubt. Default: 1 minute.
    /// </summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a send may stay in doubt before it needs a human. Default: 10 minutes.</summary>
    public TimeSpan DoubtTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// After this many failures that a retry is not expected to fix (the responder throws, the service refuses, the process dies) a message needs
    /// a human. Default: 5. Failures of the network and exceeded limits do not count: they are retried without end.
    /// </summary>
    public int MaxFailures { get; set; } = 5;

    /// <summary>The pause after the first failed attempt; each next one is twice as long, with a random part. Default: 1 second.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause, unless the service asks for a longer one. Default: 5 minutes.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the database is asked for messages that other processes stored, or whose pause is over. Default: 1 second.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long sends that are under way may take when the host stops; then they are canceled, and may be in doubt. Default: 20 seconds. Keep it below
    /// the host's own <c>ShutdownTimeout</c>.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long ended messages are kept. Default: 30 days; at least 15, because the service retries a notification for 14 days, and a message that was
    /// forgotten would be answered again.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the texts of ended messages are kept, at least 1 hour. Default: null, as long as the messages.</summary>
    public TimeSpan? TextRetention { get; set; }

    /// <summary>
    /// Called when a message comes to need a human, at most once for each, in the process that found it. Default: null. What it throws is logged.
    /// </summary>
    public Func<ChatsAttentionItem, CancellationToken, Task>? AttentionNeeded { get; set; }

    internal TimeSpan PauseAfter(int attempts, TimeSpan? retryAfter)
    {
        var grown = RetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempts, 30));
        var pause = TimeSpan.FromMilliseconds(Math.Min(grown, MaxRetryDelay.TotalMilliseconds));
        var jitter = 0.8 + (0.4 * Random.Shared.NextDouble());
        return retryAfter > pause ? retryAfter.Value : pause * jitter;
    }

    internal string? FindMistake() =>
        MaxConcurrency < 1 ? $"{nameof(MaxConcurrency)} must be at least 1."
        : MaxFailures < 1 ? $"{nameof(MaxFailures)} must be at least 1."
        : LeaseDuration < TimeSpan.FromSeconds(1) ? $"{nameof(LeaseDuration)} must be at least 1 second."
        : DoubtTimeout <= TimeSpan.Zero ? $"{nameof(DoubtTimeout)} must be above zero."
        : RetryDelay <= TimeSpan.Zero || MaxRetryDelay < RetryDelay ? $"{nameof(RetryDelay)} must be above zero, and {nameof(MaxRetryDelay)} not below it."
        : PollInterval < TimeSpan.FromMilliseconds(10) ? $"{nameof(PollInterval)} must be at least 10 milliseconds."
        : ShutdownTimeout < TimeSpan.Zero ? $"{nameof(ShutdownTimeout)} must not be negative."
        : Retention < TimeSpan.FromDays(15) ? $"{nameof(Retention)} must be at least 15 days."
        : TextRetention < TimeSpan.FromHours(1) ? $"{nameof(TextRetention)} must be at least 1 hour."
        : null;
}
