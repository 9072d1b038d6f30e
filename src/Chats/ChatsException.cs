namespace YandexMarket.Chats;

/// <summary>
/// A call that failed. Neither the message nor an inner exception holds the key, a chat's text or the body of an answer.
/// </summary>
public abstract class ChatsException : Exception
{
    /// <summary>For an exception of this family.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="operation">The operation that failed.</param>
    /// <param name="mayHaveBeenSent">Whether the service may have taken the message.</param>
    /// <param name="innerException">The cause, if it cannot quote an answer.</param>
    protected ChatsException(string message, ChatsOperation operation, bool mayHaveBeenSent, Exception? innerException = null)
        : base(message, innerException)
    {
        Operation = operation;
        MayHaveBeenSent = mayHaveBeenSent;
    }

    /// <summary>The operation that failed.</summary>
    public ChatsOperation Operation { get; }

    /// <summary>
    /// False if it is certain that the service did not take the message: sending it again cannot reach the buyer twice. True if it
    /// may have. Always false for a read.
    /// </summary>
    public bool MayHaveBeenSent { get; }
}

/// <summary>
/// The service answered with an error: any status but 2xx, or a 2xx whose body says <c>"status":"ERROR"</c>.
/// </summary>
public class ChatsApiException : ChatsException
{
    internal ChatsApiException(string message, ChatsOperation operation, bool mayHaveBeenSent, ErrorAnswer answer)
        : base(message, operation, mayHaveBeenSent)
    {
        StatusCode = answer.StatusCode;
        Errors = answer.Errors;
        TraceParent = answer.TraceParent;
        RateLimit = answer.RateLimit;
    }

    /// <summary>The HTTP status of the answer.</summary>
    public int StatusCode { get; }

    /// <summary>
    /// The service's reasons; empty if the answer held none that could be read. Their messages can quote what was sent, so keep them
    /// out of logs.
    /// </summary>
    public IReadOnlyList<ApiError> Errors { get; }

    /// <summary>The header <c>traceparent</c> of the answer: the id that the service's support asks for. Null if it was absent.</summary>
    public string? TraceParent { get; }

    /// <summary>The state of the quota as the answer told it. Null if it told nothing.</summary>
    public ChatsRateLimit? RateLimit { get; }
}

/// <summary>Too many requests, at once or in this hour (status 420, or 429). Nothing was sent: wait, then repeat.</summary>
public sealed class ChatsRateLimitException : ChatsApiException
{
    internal ChatsRateLimitException(
        string message, ChatsOperation operation, ErrorAnswer answer, TimeSpan? retryAfter, bool isParallelLimit)
        : base(message, operation, mayHaveBeenSent: false, answer)
    {
        RetryAfter = retryAfter;
        IsParallelLimit = isParallelLimit;
    }

    /// <summary>
    /// How long to wait, at least zero; up to an hour for the hourly quota. Null if the answer did not tell, as with the limit of
    /// requests at once, which is free again as soon as one of them ends.
    /// </summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>True if too many requests of the business account were under way at once; false for the hourly quota.</summary>
    public bool IsParallelLimit { get; }
}

/// <summary>
/// Refused here, before any request: <see cref="ChatsClientOptions.GrantedScopes"/> hold none of the scopes that the operation
/// requires.
/// </summary>
public sealed class ChatsScopeException : ChatsException
{
    internal ChatsScopeException(ChatsOperation operation)
        : base(
            $"{operation.Id} was not called: the key's known scopes do not allow it. It needs one of: " +
            $"{string.Join(", ", operation.RequiredScopes)}. Add a scope to the key in the cabinet, then to GrantedScopes.",
            operation,
            mayHaveBeenSent: false)
    {
    }
}

/// <summary>
/// No complete answer came: the name was not found, the connection failed or broke, the time was over, or the bytes that came
/// were no HTTP.
/// </summary>
public sealed class ChatsConnectionException : ChatsException
{
    internal ChatsConnectionException(
        string message, ChatsOperation operation, bool mayHaveBeenSent, bool isTimeout, Exception? innerException = null)
        : base(message, operation, mayHaveBeenSent, innerException) => IsTimeout = isTimeout;

    /// <summary>True if the time was over: <see cref="ChatsClientOptions.Timeout"/>, or that of a borrowed HttpClient.</summary>
    public bool IsTimeout { get; }
}

/// <summary>The service answered with a 2xx that cannot be understood: no JSON, not what the contract says, or too long.</summary>
public sealed class ChatsResponseException : ChatsException
{
    internal ChatsResponseException(string message, ChatsOperation operation, bool mayHaveBeenSent, int statusCode)
        : base(message, operation, mayHaveBeenSent) => StatusCode = statusCode;

    /// <summary>The HTTP status of the answer.</summary>
    public int StatusCode { get; }
}
