namespace YandexMarket.Chats.Hosting;

/// <summary>
/// How a registered client stays within the service's limits and retries failed attempts. Bound from the same configuration section as
/// <see cref="ChatsClientOptions"/>. All options are optional.
/// </summary>
public sealed class ChatsHostingOptions
{
    /// <summary>
    /// Whether calls wait locally until the service's limits allow them. Default: true. False: every call is made at once, and the service rejects
    /// those over the limit.
    /// </summary>
    public bool UseQuota { get; set; } = true;

    /// <summary>
    /// How long one attempt may wait for the limits before it fails with <see cref="ChatsQuotaException"/>; zero means no wait. If the
    /// wait is known to be longer than this, or than the rest of <see cref="ChatsClientOptions.Timeout"/>, the attempt fails at once. A custom
    /// limiter must also respond within this time, so a limiter that uses the network needs more than zero. At most 24 days. Default: 5 seconds.
    /// </summary>
    public TimeSpan MaxQuotaWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The maximum number of attempts of a call, 1 to 10. Default: 4. 1: no retries. A send is retried only if it is certain that the service
    /// did not accept it.
    /// </summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>
    /// The delay before the first retry, doubled for each further one and randomly shortened by up to half; 10 milliseconds to 1 minute. If the
    /// service asks for a longer wait, that applies. Default: 200 milliseconds.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long one attempt of a read may wait for the headers of its response (after a 420 or 429 also for its body), not counting its wait for the
    /// limits, before it is abandoned and retried; more than zero, at most 24 days. The last attempt, and a send, are never abandoned before the call
    /// times out. Default: 10 seconds, the service's own limit.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
