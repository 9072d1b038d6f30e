namespace YandexMarket.Chats.Hosting;

/// <summary>
/// How a registered client keeps the service's limits and retries what failed. Bound from the same configuration section as
/// <see cref="ChatsClientOptions"/>. Nothing is required.
/// </summary>
public sealed class ChatsHostingOptions
{
    /// <summary>
    /// Whether calls wait here for the service's limits instead of exceeding them. Default: true. False: every call is made at
    /// once, and the service refuses those over the limit.
    /// </summary>
    public bool UseQuota { get; set; } = true;

    /// <summary>
    /// How long one attempt may wait for the limits before it ends as <see cref="ChatsQuotaException"/>; zero does not wait at all. A
    /// wait that is known to be longer, or to outlast <see cref="ChatsClientOptions.Timeout"/>, is refused at once. A custom limiter
    /// must respond within this time, too, so that one over a network needs more than zero. Default: 5 seconds.
    /// </summary>
    public TimeSpan MaxQuotaWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often a call is tried in all, 1 to 10. Default: 4. 1: nothing is retried. A send is retried only after the service
    /// provably did not take it, whatever stands here.
    /// </summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>
    /// The delay before the first retry, doubled for each one after, shortened at random by up to a half; 10 milliseconds to a
    /// minute. A longer wait that the service asks for comes before it. Default: 200 milliseconds.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long one attempt of a read may wait for the head of its response, from the moment that it has its place in the limits, before
    /// it is abandoned and retried; more than zero. A send is never abandoned before the call's time is over. Default: 10 seconds, the
    /// service's own limit.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
