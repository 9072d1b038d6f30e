namespace YandexMarket.Chats.Redis;

/// <summary>The options for Redis, all optional. All machines need the same values.</summary>
public sealed class ChatsRedisOptions
{
    /// <summary>
    /// The prefix of all keys in Redis; other programs must not use it. It must not contain braces, which have a special meaning in a cluster.
    /// Default: <c>chats:</c>.
    /// </summary>
    public string KeyPrefix { get; set; } = "chats:";

    /// <summary>
    /// How long a call keeps its permit (one of the four) if its process does not renew it; 1 second to 10 minutes. A running process renews it
    /// three times in that time; if the process dies, the permit expires. After Redis has lost its data, no call is made for this time. Default:
    /// 10 seconds, which is the service's own timeout for a call.
    /// </summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long Redis may take for one command before it counts as unavailable, 10 milliseconds to 1 minute. It should be shorter than
    /// <c>MaxQuotaWait</c>. Over the application's own connection, its <c>AsyncTimeout</c> (5 seconds by default) applies as well. Default: 1 second.
    /// </summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>What happens while Redis does not respond. Default: <see cref="ChatsRedisFallback.Reject"/>.</summary>
    public ChatsRedisFallback WhenUnavailable { get; set; }

    /// <summary>
    /// How many processes share the limits, 1 or more. With <see cref="ChatsRedisFallback.Local"/> each of them uses this fraction of the limits, but
    /// at least one call at once and one an hour. Default: 1.
    /// </summary>
    public int ExpectedReplicas { get; set; } = 1;

    /// <summary>How long a handled notification is remembered, 1 minute to 30 days. Default: 1 hour.</summary>
    public TimeSpan DuplicateWindow { get; set; } = TimeSpan.FromHours(1);

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    internal static ChatsRedisOptions Create(Action<ChatsRedisOptions>? configure)
    {
        var options = new ChatsRedisOptions();
        configure?.Invoke(options);
        return options.FindError() is { } error ? throw new ArgumentException($"{nameof(ChatsRedisOptions)}.{error}.") : options;
    }

    private string? FindError() =>
        KeyPrefix is not { Length: > 0 } || KeyPrefix.IndexOfAny(['{', '}']) >= 0 ? "KeyPrefix must not be empty and must not contain braces"
        : IsOutside(LeaseDuration, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)) ? "LeaseDuration must be from 1 second to 10 minutes"
        : IsOutside(CommandTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)) ? "CommandTimeout must be 10 milliseconds to 1 minute"
        : !Enum.IsDefined(WhenUnavailable) ? "WhenUnavailable must be a value of the enum"
        : ExpectedReplicas < 1 ? "ExpectedReplicas must be 1 or more"
        : IsOutside(DuplicateWindow, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)) ? "DuplicateWindow must be 1 minute to 30 days"
        : null;

    private static bool IsOutside(TimeSpan value, TimeSpan least, TimeSpan most) => value < least || value > most;
}
