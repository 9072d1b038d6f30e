namespace YandexMarket.Chats.Redis;

/// <summary>How limits and duplicates are kept in Redis. Nothing is required. All machines need the same values.</summary>
public sealed class ChatsRedisOptions
{
    /// <summary>
    /// What the keys in Redis begin with; it must be the same on all machines, and other than that of other programs. It has no braces, which
    /// mean something on a cluster. Default: <c>chats:</c>.
    /// </summary>
    public string KeyPrefix { get; set; } = "chats:";

    /// <summary>
    /// How long a call keeps its place among the four without a sign of life, 1 second to 10 minutes: a living process renews it three times
    /// in that time, a dead one gives it back. After Redis has lost its state, no call is made for so long. Default: 10 seconds, which is the
    /// service's own timeout for a call.
    /// </summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long Redis may take for one command before it counts as unavailable, 10 milliseconds to a minute. It should be shorter than the wait
    /// for the limits. Default: 1 second.
    /// </summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>What happens while Redis does not respond. Default: <see cref="ChatsRedisFallback.Refuse"/>.</summary>
    public ChatsRedisFallback WhenUnavailable { get; set; }

    /// <summary>
    /// How many processes share the limits, 1 or more: with <see cref="ChatsRedisFallback.Local"/> each of them makes do with this part of them,
    /// but with at least one call at once and one an hour. Default: 1.
    /// </summary>
    public int ExpectedReplicas { get; set; } = 1;

    /// <summary>For how long a notification that was handled is remembered, 1 minute to 30 days. Default: 1 hour.</summary>
    public TimeSpan DuplicateWindow { get; set; } = TimeSpan.FromHours(1);

    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    internal static ChatsRedisOptions Create(Action<ChatsRedisOptions>? configure)
    {
        var options = new ChatsRedisOptions();
        configure?.Invoke(options);
        Require(options.KeyPrefix is { Length: > 0 } prefix && prefix.IndexOfAny(['{', '}']) < 0, nameof(KeyPrefix), "must not be empty and have no braces");
        Require(IsWithin(options.LeaseDuration, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)), nameof(LeaseDuration), "must be 1 second to 10 minutes");
        Require(IsWithin(options.CommandTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)), nameof(CommandTimeout), "must be 10 milliseconds to a minute");
        Require(Enum.IsDefined(options.WhenUnavailable), nameof(WhenUnavailable), "must be one of the two values");
        Require(options.ExpectedReplicas >= 1, nameof(ExpectedReplicas), "must be 1 or more");
        Require(IsWithin(options.DuplicateWindow, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)), nameof(DuplicateWindow), "must be 1 minute to 30 days");
        return options;
    }

    private static bool IsWithin(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;

    private static void Require(bool condition, string name, string rule)
    {
        if (!condition)
        {
            throw new ArgumentException($"{nameof(ChatsRedisOptions)}.{name} {rule}.");
        }
    }
}
