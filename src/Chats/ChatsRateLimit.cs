namespace YandexMarket.Chats;

/// <summary>The state of an operation's quota, as the <c>X-RateLimit-Resource-*</c> headers of an answer told it.</summary>
public sealed class ChatsRateLimit
{
    internal ChatsRateLimit(int? limit, int? remaining, DateTimeOffset? resetsAt)
    {
        Limit = limit;
        Remaining = remaining;
        ResetsAt = resetsAt;
    }

    /// <summary>Requests allowed in the window. Null if not told.</summary>
    public int? Limit { get; }

    /// <summary>Requests left in the window. Null if not told.</summary>
    public int? Remaining { get; }

    /// <summary>When the window ends, by the service's clock. Null if not told.</summary>
    public DateTimeOffset? ResetsAt { get; }
}
