namespace YandexMarket.Chats;

/// <summary>
/// The base class of the exceptions of a failed call. Neither message nor inner exception contains the key, a chat's text or a response, unless your
/// own code threw the inner exception: the key provider (<see cref="ChatsApiKeyException"/>) or your rate limiter (<c>ChatsQuotaException</c>).
/// </summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="operation">The operation that failed.</param>
/// <param name="mayHaveBeenSent">Whether the service may have accepted the message.</param>
/// <param name="isTransient">Whether a later call could succeed.</param>
/// <param name="retryAfter">How long to wait before that call, or null.</param>
/// <param name="innerException">The cause, or null.</param>
/// <exception cref="ArgumentNullException"><paramref name="operation"/> is null.</exception>
public abstract class ChatsException(
    string message,
    ChatsOperation operation,
    bool mayHaveBeenSent,
    bool isTransient = false,
    TimeSpan? retryAfter = null,
    Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The operation that failed.</summary>
    public ChatsOperation Operation { get; } = operation ?? throw new ArgumentNullException(nameof(operation));

    /// <summary>
    /// False if it is certain that the service did not accept the message: sending it again cannot reach the buyer twice. True if the
    /// service may have accepted it. Always false for a read.
    /// </summary>
    public bool MayHaveBeenSent { get; } = mayHaveBeenSent;

    /// <summary>
    /// True if the same call could succeed later, without a change of code, key or arguments. A send with
    /// <see cref="MayHaveBeenSent"/> must still not be retried.
    /// </summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>How long to wait before the next attempt, at least zero. Null if unknown.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>
/// The service responded with an error: any status but 2xx, or a 2xx whose body says <c>"status":"ERROR"</c>.
/// </summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="operation">The operation that failed.</param>
/// <param name="mayHaveBeenSent">Whether the service may have accepted the message.</param>
/// <param name="statusCode">
/// The HTTP status. <see cref="ChatsException.IsTransient"/> is true for 408, 420, 423, 429 and 5xx.
/// </param>
/// <param name="errors">The service's reasons; null for none.</param>
/// <param name="traceParent">The <c>traceparent</c> header, or null.</param>
/// <param name="rateLimit">The state of the quota, or null.</param>
/// <param name="retryAfter">How long to wait before the next call, or null.</param>
/// <exception cref="ArgumentNullException"><paramref name="operation"/> is null.</exception>
public class ChatsApiException(
    string message,
    ChatsOperation operation,
    bool mayHaveBeenSent,
    int statusCode,
    IReadOnlyList<ApiError>? errors = null,
    string? traceParent = null,
    ChatsRateLimit? rateLimit = null,
    TimeSpan? retryAfter = null)
    : ChatsException(message, operation, mayHaveBeenSent, statusCode is 408 or 420 or 423 or 429 or (>= 500 and <= 599), retryAfter)
{
    /// <summary>The HTTP status of the response.</summary>
    public int StatusCode { get; } = statusCode;

    /// <summary>
    /// The service's reasons; empty if the response contained none that could be read. Their messages can quote what was sent, so keep them
    /// out of logs.
    /// </summary>
    public IReadOnlyList<ApiError> Errors { get; } = errors ?? [];

    /// <summary>The <c>traceparent</c> header of the response: the request id that the service's support asks for. Null if it was absent.</summary>
    public string? TraceParent { get; } = traceParent;

    /// <summary>The state of the quota as the response described it. Null if it did not.</summary>
    public ChatsRateLimit? RateLimit { get; } = rateLimit;
}

/// <summary>
/// Too many requests, in parallel or in this hour (status 420, or 429). Unless <see cref="ChatsException.MayHaveBeenSent"/> is true, retry after
/// <see cref="ChatsException.RetryAfter"/>, which can be up to an hour for the hourly quota, and is null if the response does not say,
/// as for parallel requests.
/// </summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="operation">The operation that failed.</param>
/// <param name="limit">The limit that was exceeded.</param>
/// <param name="statusCode">The HTTP status. Default: 420.</param>
/// <param name="errors">The service's reasons; null for none.</param>
/// <param name="traceParent">The <c>traceparent</c> header, or null.</param>
/// <param name="rateLimit">The state of the quota, or null.</param>
/// <param name="retryAfter">How long to wait before the next call, or null.</param>
/// <param name="mayHaveBeenSent">
/// Whether the service may have accepted the message, because a message handler sent it before this response. Default: false.
/// </param>
/// <exception cref="ArgumentNullException"><paramref name="operation"/> is null.</exception>
public sealed class ChatsRateLimitException(
    string message,
    ChatsOperation operation,
    ChatsLimitKind limit,
    int statusCode = 420,
    IReadOnlyList<ApiError>? errors = null,
    string? traceParent = null,
    ChatsRateLimit? rateLimit = null,
    TimeSpan? retryAfter = null,
    bool mayHaveBeenSent = false)
    : ChatsApiException(message, operation, mayHaveBeenSent, statusCode, errors, traceParent, rateLimit, retryAfter)
{
    /// <summary>The limit that was exceeded.</summary>
    public ChatsLimitKind Limit { get; } = limit;
}

/// <summary>
/// The client rejected the call without a request: <see cref="ChatsClientOptions.GrantedScopes"/> contains none of the scopes that the operation
/// requires.
/// </summary>
/// <param name="operation">The operation that was rejected.</param>
/// <exception cref="ArgumentNullException"><paramref name="operation"/> is null.</exception>
public sealed class ChatsScopeException(ChatsOperation operation)
    : ChatsException(
        $"{operation?.Id} was not called: the key's known scopes do not allow it. It needs one of: " +
        $"{string.Join(", ", operation?.RequiredScopes ?? [])}. Add a scope to the key in the cabinet, then to GrantedScopes.",
        operation!,
        mayHaveBeenSent: false);

/// <summary>
/// <see cref="ChatsClientOptions.ApiKeyProvider"/> threw (see the inner exception) or returned a malformed key. Nothing was sent.
/// </summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="operation">The operation that needed the key.</param>
/// <param name="innerException">
/// What the provider threw; <see cref="ChatsException.IsTransient"/> is then true. Null if the key was malformed.
/// </param>
/// <exception cref="ArgumentNullException"><paramref name="operation"/> is null.</exception>
public sealed class ChatsApiKeyException(string message, ChatsOperation operation, Exception? innerException = null)
    : ChatsException(message, operation, mayHaveBeenSent: false, isTransient: innerException is not null, retryAfter: null, innerException);

/// <summary>
/// No complete response arrived: the name was not found, the connection failed or broke, the call timed out, a message handler threw, or
/// the response was not valid HTTP; or the request was redirected or copied, so that its response cannot be trusted.
/// </summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="operation">The operation that failed.</param>
/// <param name="mayHaveBeenSent">Whether the service may have accepted the message.</param>
/// <param name="isTimeout">Whether it timed out.</param>
/// <param name="innerException">The cause, or null.</param>
/// <param name="isTransient">Whether a later call could succeed. Default: true.</param>
/// <exception cref="ArgumentNullException"><paramref name="operation"/> is null.</exception>
public sealed class ChatsConnectionException(
    string message,
    ChatsOperation operation,
    bool mayHaveBeenSent,
    bool isTimeout = false,
    Exception? innerException = null,
    bool isTransient = true)
    : ChatsException(message, operation, mayHaveBeenSent, isTransient, retryAfter: null, innerException)
{
    /// <summary>
    /// True after a timeout: <see cref="ChatsClientOptions.Timeout"/>, or that of the caller's HttpClient or of a message handler.
    /// </summary>
    public bool IsTimeout { get; } = isTimeout;
}

/// <summary>The service responded with a 2xx that cannot be read: not JSON, not what the contract says, or too long.</summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="operation">The operation that failed.</param>
/// <param name="mayHaveBeenSent">Whether the service may have accepted the message.</param>
/// <param name="statusCode">The HTTP status.</param>
/// <exception cref="ArgumentNullException"><paramref name="operation"/> is null.</exception>
public sealed class ChatsResponseException(string message, ChatsOperation operation, bool mayHaveBeenSent, int statusCode)
    : ChatsException(message, operation, mayHaveBeenSent)
{
    /// <summary>The HTTP status of the response.</summary>
    public int StatusCode { get; } = statusCode;
}

/// <summary>The caller's own token canceled the call. <see cref="MayHaveBeenSent"/> says whether the text may have been sent.</summary>
/// <param name="operation">The operation that was canceled.</param>
/// <param name="mayHaveBeenSent">Whether the service may have accepted the message.</param>
/// <param name="cancellationToken">The caller's token.</param>
/// <exception cref="ArgumentNullException"><paramref name="operation"/> is null.</exception>
public sealed class ChatsCanceledException(ChatsOperation operation, bool mayHaveBeenSent, CancellationToken cancellationToken = default)
    : OperationCanceledException($"{operation?.Id}: the caller canceled the call. {ChatsExceptionFactory.Verdict(operation, mayHaveBeenSent)}", cancellationToken)
{
    /// <summary>The operation that was canceled.</summary>
    public ChatsOperation Operation { get; } = operation ?? throw new ArgumentNullException(nameof(operation));

    /// <summary>
    /// False if it is certain that the service did not accept the message, true if it may have. Always false for a read.
    /// </summary>
    public bool MayHaveBeenSent { get; } = mayHaveBeenSent;
}
