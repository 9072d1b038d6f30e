namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Refused here, without a request: the limits of the business account leave no room within
/// <see cref="ChatsHostingOptions.MaxQuotaWait"/>, or a limiter of your own failed (the inner exception). Nothing was sent: wait, then repeat.
/// </summary>
public sealed class ChatsQuotaException : ChatsException
{
    internal ChatsQuotaException(ChatsCall call, TimeSpan? retryAfter)
        : base(
            $"{call.Operation.Id}: no request was made: the limits of business {call.BusinessId} leave no room in time. " +
            (retryAfter is { } wait ? $"Repeat in {Math.Ceiling(wait.TotalSeconds):0} s. " : "") + "Nothing was sent.",
            call.Operation,
            mayHaveBeenSent: false) => RetryAfter = retryAfter;

    internal ChatsQuotaException(ChatsCall call, Exception failure)
        : base(
            $"{call.Operation.Id}: no request was made: the limiter failed: {failure.GetType().Name}. Nothing was sent.",
            call.Operation,
            mayHaveBeenSent: false,
            failure)
    {
    }

    /// <summary>
    /// How long until there is room; up to an hour for the hourly quota. Null if it is not known, as when only the calls under way
    /// stand in the way.
    /// </summary>
    public TimeSpan? RetryAfter { get; }
}
