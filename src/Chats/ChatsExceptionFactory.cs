using System.ComponentModel;
using System.Net.Sockets;
using System.Security.Authentication;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

/// <summary>
/// Creates the exception for each way in which a call can fail, and decides what matters most: whether the message
/// may have been sent.
/// </summary>
internal static class ChatsExceptionFactory
{
    // In the message of an exception.
    private const int MaxCodes = 5;

    // The reasons can quote a text, so they are not in the message, and the tool does not print those of a send.
    private const string Reasons = "see Errors of this exception, or run \"chats doctor\"";

    /// <summary>The statuses that prove that the service did not accept the message.</summary>
    public static bool ProvesRejection(int statusCode) => statusCode is
        (>= 400 and <= 406) or 410 or 411 or (>= 413 and <= 415) or 417 or (>= 420 and <= 424) or 426 or 428 or 429 or 431 or 451;

    /// <summary>For a call without a response; any exception may have been thrown.</summary>
    public static Exception NoResponse(ChatsRequest request, CallTimeout timeout, Exception exception)
    {
        request.Seal();
        var mayHaveBeenSent = request.MayHaveBeenSent;
        // An exception of our own limiter already says whether something was sent, unless an earlier attempt of the same call was sent.
        return exception is ChatsException ours && ReferenceEquals(ours.Operation, request.Operation) && (ours.MayHaveBeenSent || !mayHaveBeenSent)
            ? ours
            : NoResponse(request, timeout, exception, mayHaveBeenSent);
    }

    private static Exception NoResponse(ChatsRequest request, CallTimeout timeout, Exception exception, bool mayHaveBeenSent) =>
        Ended(request.Operation, timeout, mayHaveBeenSent, exception)
        ?? (timeout.ClientDisposed ? Connection(
                request.Operation,
                "the client was disposed before a complete response arrived; dispose it after its last call.",
                mayHaveBeenSent,
                isTransient: false)
            : IsTimeout(exception) ? TimedOut(request.Operation, mayHaveBeenSent, exception)
            : request.WasRepeated ? Connection(
                request.Operation,
                "a message handler, or .NET itself (over HTTP/2, or for a proxy that asks for a password), tried to send the message a second time and was stopped. Let handlers " +
                "retry reads only, turn redirects off (AllowAutoRedirect = false), and put a ChatsSendOnceHandler last if one reads the body.",
                mayHaveBeenSent: true)
            : Connection(
                request.Operation,
                $"no complete response arrived from {request.Server}: {Describe(exception)}.",
                mayHaveBeenSent,
                cause: exception,
                isTransient: !IsProgrammingError(exception)));

    /// <summary>For a call that was canceled or timed out; null for any other.</summary>
    public static Exception? Ended(ChatsOperation operation, CallTimeout timeout, bool mayHaveBeenSent, Exception? cause = null) =>
        timeout.CallerCanceled ? new ChatsCanceledException(operation, mayHaveBeenSent, timeout.CallerToken)
        : timeout.TimedOut ? TimedOut(operation, mayHaveBeenSent, cause)
        : null;

    private static ChatsConnectionException TimedOut(ChatsOperation operation, bool mayHaveBeenSent, Exception? cause) =>
        Connection(operation, "the call timed out before a complete response arrived.", mayHaveBeenSent, isTimeout: true, cause);

    public static ChatsConnectionException Redirected(ChatsRequest request) => Connection(
        request.Operation,
        "the request was redirected (to another address, or to the same one again), or a handler changed its address. Turn " +
        "redirects off in the HttpClient (AllowAutoRedirect = false): redirects send the key elsewhere.",
        mayHaveBeenSent: !request.Operation.IsRead,
        isTransient: false);

    public static ChatsConnectionException Copied(ChatsRequest request) => Connection(
        request.Operation,
        "a message handler of the HttpClient sent a copy of the request, so it is not known how often the message " +
        "was sent. Send the request itself, or put a ChatsSendOnceHandler last, as AddChatsClient does.",
        mayHaveBeenSent: true,
        isTransient: false);

    private static ChatsConnectionException Connection(
        ChatsOperation operation, string reason, bool mayHaveBeenSent, bool isTimeout = false, Exception? cause = null, bool isTransient = true) => new(
            $"{operation.Id}: {reason} {Verdict(operation, mayHaveBeenSent)}", operation, mayHaveBeenSent, isTimeout, SafeCause(cause), isTransient);

    /// <summary>A 2xx whose body is not complete.</summary>
    public static Exception IncompleteResponse(ChatsRequest request, CallTimeout timeout, int statusCode, Exception fault)
    {
        var mayHaveBeenSent = !request.Operation.IsRead;
        return fault is ResponseTooLongException ? Unreadable(request, statusCode, $"it is longer than {nameof(ChatsClientOptions.MaxResponseBytes)} allows")
            // Brotli has its own type of exception.
            : !timeout.IsOver && fault is InvalidDataException or (InvalidOperationException and not ObjectDisposedException)
                ? Unreadable(request, statusCode, "it cannot be decompressed")
            : NoResponse(request, timeout, fault, mayHaveBeenSent);
    }

    public static ChatsResponseException Unreadable(ChatsRequest request, int statusCode, string reason) => new(
        $"{request.Operation.Id}: the {statusCode} response cannot be read: {reason}. {Verdict(request.Operation, !request.Operation.IsRead)}",
        request.Operation,
        mayHaveBeenSent: !request.Operation.IsRead,
        statusCode);

    /// <summary>An error status, or a 2xx whose body says ERROR. What cannot be read is left empty: the status is known in any case.</summary>
    public static ChatsApiException ErrorStatus(ChatsRequest request, HttpResponseMessage response, ResponseBody body)
    {
        var (operation, mayHaveBeenSent) = (request.Operation, request.MayHaveBeenSentBefore(response));
        var errors = (body.Fault is null ? body.TryParse(ErrorResponse.Read, out _)?.Errors : null) ?? [];
        var info = request.GetInfo(response, (int)response.StatusCode is 420 or 429 ? LimitKindReader.Find(body) : ChatsLimitKind.Unknown);
        var message = Explain(info, errors, mayHaveBeenSent);
        return info.StatusCode is 420 or 429
            ? new ChatsRateLimitException(
                message, operation, info.Limit, info.StatusCode, errors, info.TraceParent, info.RateLimit, info.RetryAfter, mayHaveBeenSent)
            : new ChatsApiException(message, operation, mayHaveBeenSent, info.StatusCode, errors, info.TraceParent, info.RateLimit, info.RetryAfter);
    }

    /// <summary>The sentence that ends every message.</summary>
    public static string Verdict(ChatsOperation? operation, bool mayHaveBeenSent) =>
        operation is { IsRead: true } ? "Nothing was changed."
        : mayHaveBeenSent ? "The message may have been sent: look into the chat before sending it again."
        : "The message was not sent.";

    private static string Explain(ChatsResponseInfo info, IReadOnlyList<ApiError> errors, bool mayHaveBeenSent)
    {
        var codes = string.Join(", ", errors.Select(error => error.Code).Where(IsPlainCode).Distinct().Take(MaxCodes));
        var advice = info.StatusCode switch
        {
            400 => $"The request was invalid: {Reasons}. ",
            401 => "The key is missing, malformed or revoked. ",
            403 => AdviceOn403(info.Operation, errors),
            404 => "There is no such chat or message, or BaseAddress is wrong. ",
            423 => "The business is being migrated: retry later. ",
            420 or 429 => "Too many requests: wait, then retry. ",
            >= 300 and < 400 => "Redirects are not followed: BaseAddress may be wrong. ",
            _ => "",
        };
        if (mayHaveBeenSent && ProvesRejection(info.StatusCode))
        {
            advice += "A message handler may have sent the message before this response, or made the response up: put a ChatsSendOnceHandler last, which counts what is sent. ";
        }

        return $"{info.Operation.Id}: the service responded with {info.StatusCode}{(codes.Length > 0 ? $" ({codes})" : "")}. " +
            advice + Verdict(info.Operation, mayHaveBeenSent);
    }

    /// <summary>Names the reason, as far as the service's code and text reveal it.</summary>
    private static string AdviceOn403(ChatsOperation operation, IReadOnlyList<ApiError> errors)
    {
        var scopes = $"one of the scopes: {string.Join(", ", operation.RequiredScopes)} (a change of scopes takes up to 10 minutes)";
        return Says("scopes") ? $"The key needs {scopes}. "
            : Says("SUBSCRIPTION_REQUIRED") || Says("subscription") ? "The account needs a subscription for this operation. "
            : Says("NO_ACCESS_BY_DEPRECATION_POLICY") || Says("deprecat") ? "The service withdrew this access under its deprecation policy. "
            : Says("not active") || Says("inactive") ? "The cabinet is not active: sign in to it. "
            : Says("disabled") || Says("API access") ? "API access is disabled for the account: see the cabinet's API settings. "
            : Says("business") ? "The business is not available for this key. "
            : $"The key has no access: either it needs {scopes}, or the cabinet is not active, API access is disabled, or the business is " +
                $"not available for the key: {Reasons}. ";

        // In the message of an error, or as its code.
        bool Says(string text) => errors.Any(error => error.Message?.IndexOf(text, StringComparison.OrdinalIgnoreCase) >= 0 || error.Code == text);
    }

    /// <summary>A code is one word; anything else could be a chat's text.</summary>
    private static bool IsPlainCode(string code) =>
        code.Length is > 0 and <= 64 && code.All(c => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-' or '.');

    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            yield return inner;
        }
    }

    // Polly's exception does not derive from TimeoutException, and this package does not depend on Polly.
    private static bool IsTimeout(Exception exception) =>
        Chain(exception).Any(inner => inner is TimeoutException || inner.GetType().Name == "TimeoutRejectedException");

    private static bool IsProgrammingError(Exception exception) =>
        exception is ArgumentException or InvalidOperationException or NotSupportedException or NotImplementedException or NullReferenceException;

    /// <summary>The same failure of the network, for the logs of message handlers: .NET's own exceptions can quote a response.</summary>
    public static Exception WithoutQuotes(Exception exception)
    {
        var message = $"The request failed: {Describe(exception)}.";
        var cause = IsTimeout(exception) ? new TimeoutException(message, SafeCause(exception)) : SafeCause(exception);
        return exception switch
        {
#if NET
            TaskCanceledException canceled => new TaskCanceledException(message, cause, canceled.CancellationToken),
#endif
            OperationCanceledException canceled => new OperationCanceledException(message, cause, canceled.CancellationToken),
#if NET
            HttpRequestException http => new HttpRequestException(http.HttpRequestError, message, cause, http.StatusCode),
#endif
            _ => new HttpRequestException(message, cause),
        };
    }

    /// <summary>
    /// The cause, if neither it nor anything inside it can quote what came over the network. It is made anew, because a handler can give each of these
    /// exceptions a message of its own; only what TLS says of a certificate is kept.
    /// </summary>
    private static Exception? SafeCause(Exception? exception) => Chain(exception).Reverse().TakeWhile(NeverQuotes).LastOrDefault() switch
    {
        SocketException socket => new SocketException((int)socket.SocketErrorCode),
        Win32Exception system => new Win32Exception(system.NativeErrorCode),
        TimeoutException => new TimeoutException(),
#if NET
        AuthenticationException tls when exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => tls,
#endif
        AuthenticationException => new AuthenticationException(),
        _ => null,
    };

    // SocketException is a Win32Exception.
    private static bool NeverQuotes(Exception exception) => exception is Win32Exception or AuthenticationException or TimeoutException;

    private static string Describe(Exception exception) => Chain(exception).FirstOrDefault(NeverQuotes) switch
    {
        SocketException socket => $"{nameof(SocketException)} {socket.SocketErrorCode}",
        { } cause => cause.GetType().Name,
#if NET
        null when exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http => $"{http.HttpRequestError}",
#endif
        null => exception.GetType().Name,
    };
}
