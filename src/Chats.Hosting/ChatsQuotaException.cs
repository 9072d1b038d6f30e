namespace YandexMarket.Chats.Hosting;

/// <summary>
/// The call, or a retry of it, was rejected locally, without a request: the limits of the business allow no call within
/// <see cref="ChatsHostingOptions.MaxQuotaWait"/>, or a custom limiter failed (see the inner exception). Nothing was sent: retry after
/// <see cref="ChatsException.RetryAfter"/>. It can be up to an hour for the hourly quota, and is null if unknown, for instance while too many calls
/// are in progress.
/// </summary>
public sealed class ChatsQuotaException : ChatsException
{
    private const string NoRequest = "no request was made";

    /// <summary>Creates the exception of a call that was rejected locally.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="operation">The operation that was rejected.</param>
    /// <param name="retryAfter">How long to wait before the next call, or null.</param>
    /// <param name="innerException">What a limiter threw, or null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> is null.</exception>
    public ChatsQuotaException(string message, ChatsOperation operation, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(message, operation, mayHaveBeenSent: false, isTransient: true, retryAfter, innerException)
    {
    }

    internal ChatsQuotaException(ChatsQuotaException retry, int attempts, string reason)
        : this(
            retry.Message.Replace($": {NoRequest}: ", $": after {attempts} attempt(s), the last of which ended with {reason}, no further request was made: "),
            retry.Operation,
            retry.RetryAfter,
            retry.InnerException)
    {
    }

    internal ChatsQuotaException(ChatsCall call, TimeSpan? retryAfter = null, string? reason = null, Exception? innerException = null)
        : this(
            $"{call.Operation.Id}: {NoRequest}: {reason ?? $"the limits of business {call.BusinessId} do not permit a call within the allowed wait"}. " +
            (retryAfter is { } wait ? $"Retry in {Math.Ceiling(wait.TotalSeconds):0} s. " : "") + "Nothing was sent.",
            call.Operation,
            retryAfter,
            innerException)
    {
    }
}
