using System.ComponentModel;
using System.Net.Sockets;
using System.Security.Authentication;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

/// <summary>
/// Makes the exception for each way in which a call can fail, and with it the one decision that matters most: whether the message may
/// have been sent.
/// </summary>
internal static class Failure
{
    /// <summary>The statuses that prove that the service did not take the message.</summary>
    public static bool ProvesRefusal(int statusCode) => statusCode is
        (>= 400 and <= 406) or 410 or 411 or (>= 413 and <= 415) or 417 or (>= 420 and <= 422) or 426 or 428 or 429 or 431 or 451;

    /// <summary>Whether an exception tells of the network. Anything else is a handler's or a defect, and surfaces as itself.</summary>
    public static bool IsOfTransport(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or SocketException or AuthenticationException
        // A body whose connection was closed under it, by a handler or by Dispose.
        || exception is ObjectDisposedException { ObjectName: not "System.Net.Http.HttpClient" };

    /// <summary>Whether an exception tells of a body that cannot be decompressed; Brotli's has a type of its own.</summary>
    public static bool IsOfCompression(Exception exception) =>
        exception is InvalidDataException or (InvalidOperationException and not ObjectDisposedException);

    public static Exception NoAnswer(ChatsRequest request, Deadline deadline, Exception exception) =>
        NoAnswer(request, deadline, exception, request.MayHaveLeft);

    private static Exception NoAnswer(ChatsRequest request, Deadline deadline, Exception exception, bool mayHaveBeenSent)
    {
        if (Ended(request.Operation, deadline, mayHaveBeenSent, exception) is { } ended)
        {
            return ended;
        }

        if (deadline.ClientClosed)
        {
            return Closed(request.Operation, mayHaveBeenSent);
        }

        if (exception is OperationCanceledException { InnerException: TimeoutException })
        {
            return TimedOut(request.Operation, mayHaveBeenSent, exception);
        }

        return request.WasRepeated
            ? Repeated(request.Operation)
            : new ChatsConnectionException(
                $"{request.Operation.Id}: no complete answer came: {Describe(exception)}. {Told(request.Operation, mayHaveBeenSent)}",
                request.Operation,
                mayHaveBeenSent,
                isTimeout: false,
                CauseOf(exception));
    }

    /// <summary>For a call whose caller has gone or whose time is over; null for another.</summary>
    public static Exception? Ended(ChatsOperation operation, Deadline deadline, bool mayHaveBeenSent, Exception? cause) =>
        deadline.CallerCanceled ? deadline.Canceled()
        : deadline.TimeIsOver ? TimedOut(operation, mayHaveBeenSent, cause)
        : null;

    private static ChatsConnectionException Closed(ChatsOperation operation, bool mayHaveBeenSent) => new(
        $"{operation.Id}: the client was disposed before a complete answer came; dispose it after its last call. {Told(operation, mayHaveBeenSent)}",
        operation,
        mayHaveBeenSent,
        isTimeout: false);

    private static ChatsConnectionException Repeated(ChatsOperation operation) => new(
        $"{operation.Id}: a handler of the HttpClient wanted to send the message a second time, and got no text to send: the buyer could have " +
        "got it twice. Let handlers repeat reads only, turn redirects off (AllowAutoRedirect = false), and let a handler that looks into " +
        "the request use ReadAsStringAsync. " +
        Told(operation, mayHaveBeenSent: true),
        operation,
        mayHaveBeenSent: true,
        isTimeout: false);

    private static ChatsConnectionException TimedOut(ChatsOperation operation, bool mayHaveBeenSent, Exception? cause) => new(
        $"{operation.Id}: the time was over before a complete answer came. {Told(operation, mayHaveBeenSent)}",
        operation,
        mayHaveBeenSent,
        isTimeout: true,
        CauseOf(cause));

    public static ChatsConnectionException Rerouted(ChatsRequest request) => new(
        $"{request.Operation.Id}: the request was redirected, to another address than it was made for or once more to the same one. Turn redirects off in the HttpClient " +
        $"(AllowAutoRedirect = false): they carry the key away. {Told(request.Operation, !request.Operation.IsRead)}",
        request.Operation,
        mayHaveBeenSent: !request.Operation.IsRead,
        isTimeout: false);

    /// <summary>A 2xx whose body is not whole.</summary>
    public static Exception BrokenAnswer(ChatsRequest request, Deadline deadline, int statusCode, Exception fault) => fault switch
    {
        AnswerTooLongException => NotUnderstood(request, statusCode, $"it is longer than {nameof(ChatsClientOptions.MaxResponseBytes)} allows"),
        _ when IsOfCompression(fault) => NotUnderstood(request, statusCode, "its compression is broken"),
        _ => NoAnswer(request, deadline, fault, mayHaveBeenSent: !request.Operation.IsRead),
    };

    public static ChatsResponseException NotUnderstood(ChatsRequest request, int statusCode, string reason) => new(
        $"{request.Operation.Id}: the answer {statusCode} cannot be understood: {reason}. {Told(request.Operation, !request.Operation.IsRead)}",
        request.Operation,
        mayHaveBeenSent: !request.Operation.IsRead,
        statusCode);

    public static ChatsApiException ErrorInside2xx(ChatsRequest request, ErrorAnswer answer) =>
        Api(request.Operation, answer, mayHaveBeenSent: !request.Operation.IsRead);

    public static ChatsApiException ErrorStatus(ChatsRequest request, ErrorAnswer answer, TimeProvider clock)
    {
        var operation = request.Operation;
        if (answer.StatusCode is not (420 or 429))
        {
            return Api(operation, answer, mayHaveBeenSent: !operation.IsRead && !ProvesRefusal(answer.StatusCode));
        }

        // The two limits have one status and differ in their text only.
        var isParallel = answer.Errors.Any(error => error.Message?.IndexOf("parallel requests", StringComparison.OrdinalIgnoreCase) >= 0);
        return new ChatsRateLimitException(
            Explain(operation, answer, mayHaveBeenSent: false), operation, answer, answer.WaitFor(isParallel, clock), isParallel);
    }

    private static ChatsApiException Api(ChatsOperation operation, ErrorAnswer answer, bool mayHaveBeenSent) =>
        new(Explain(operation, answer, mayHaveBeenSent), operation, mayHaveBeenSent, answer);

    private static string Explain(ChatsOperation operation, ErrorAnswer answer, bool mayHaveBeenSent)
    {
        var codes = string.Join(", ", answer.Errors.Select(error => error.Code).Where(IsPlainCode));
        var advice = answer.StatusCode switch
        {
            400 => "The request was wrong: see Errors. ",
            401 => "The key is absent, malformed or dead. ",
            403 => $"The key has no right to this; it needs one of the scopes: {string.Join(", ", operation.RequiredScopes)}. ",
            404 => "There is no such chat or message, or BaseAddress is wrong. ",
            420 or 429 => "Too many requests: wait, then repeat. ",
            >= 300 and < 400 => "Redirects are not followed: BaseAddress may be wrong. ",
            _ => "",
        };
        return $"{operation.Id}: the service answered {answer.StatusCode}{(codes.Length > 0 ? $" ({codes})" : "")}. " +
            advice + Told(operation, mayHaveBeenSent);
    }

    /// <summary>Codes are words; whatever else stands in their place could be a text.</summary>
    private static bool IsPlainCode(string code) =>
        code.Length is > 0 and <= 64 && code.All(c => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-' or '.');

    private static string Told(ChatsOperation operation, bool mayHaveBeenSent) => operation.IsRead
        ? "Nothing was changed."
        : mayHaveBeenSent
            ? "The message may have been sent: look into the chat before it is sent again."
            : "The message was not sent.";

    /// <summary>The cause, where neither it nor anything inside it can quote what came over the network.</summary>
    private static Exception? CauseOf(Exception? exception)
    {
        Exception? cause = null;
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            cause = NeverQuotes(inner) ? cause ?? inner : null;
        }

        return cause;
    }

    // SocketException is a Win32Exception.
    private static bool NeverQuotes(Exception exception) => exception is Win32Exception or AuthenticationException or TimeoutException;

    private static string Describe(Exception exception)
    {
        var cause = exception;
        while (!NeverQuotes(cause) && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause switch
        {
            SocketException socket => $"{nameof(SocketException)} {socket.SocketErrorCode}",
            _ when NeverQuotes(cause) => cause.GetType().Name,
#if NET
            _ when exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http => $"{http.HttpRequestError}",
#endif
            _ => exception.GetType().Name,
        };
    }
}
