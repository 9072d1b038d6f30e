namespace YandexMarket.Chats;

/// <summary>The state of an operation's quota, read from the <c>X-RateLimit-Resource-*</c> headers of a response.</summary>
/// <param name="limit">Requests allowed in the window, or null.</param>
/// <param name="remaining">Requests remaining in the window, or null.</param>
/// <param name="resetsAt">When the window ends, or null.</param>
public sealed class ChatsRateLimit(int? limit, int? remaining, DateTimeOffset? resetsAt)
{
    /// <summary>Requests allowed in the window. Null if the response does not say.</summary>
    public int? Limit { get; } = limit;

    /// <summary>Requests remaining in the window. Null if the response does not say.</summary>
    public int? Remaining { get; } = remaining;

    /// <summary>When the window ends, by the service's clock. Null if the response does not say.</summary>
    public DateTimeOffset? ResetsAt { get; } = resetsAt;
}
