namespace YandexMarket.Chats;

/// <summary>What the head of a response says, for <see cref="ChatsClientOptions.ResponseReceived"/>. It holds no key and no text.</summary>
public sealed class ChatsResponseInfo
{
    /// <summary>Describes a response.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="traceParent">The header <c>traceparent</c>, or null.</param>
    /// <param name="rateLimit">The state of the quota, or null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> is null.</exception>
    public ChatsResponseInfo(ChatsOperation operation, int statusCode, string? traceParent = null, ChatsRateLimit? rateLimit = null)
    {
        ArgumentNullException.ThrowIfNull(operation);
        Operation = operation;
        StatusCode = statusCode;
        TraceParent = traceParent;
        RateLimit = rateLimit;
    }

    internal static ChatsResponseInfo Of(ChatsOperation operation, HttpResponseMessage response) => new(
        operation, (int)response.StatusCode, RateLimitHeaders.First(response, "traceparent"), RateLimitHeaders.Read(response));

    /// <summary>The operation.</summary>
    public ChatsOperation Operation { get; }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>The header <c>traceparent</c>: the request id that the service's support asks for. Null if it was absent.</summary>
    public string? TraceParent { get; }

    /// <summary>The state of the quota. Null if the response has none.</summary>
    public ChatsRateLimit? RateLimit { get; }
}
