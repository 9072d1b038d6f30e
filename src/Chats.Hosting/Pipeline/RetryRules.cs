using System.Net.Sockets;
using System.Security.Authentication;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// What may be retried, and after which delay: a read without a response, or after a 5xx, a 408 or a rate limit; a send without a response
/// or after a rate limit, and only if it is certain that the service did not accept it.
/// </summary>
internal sealed class RetryRules(ChatsHostingOptions options, Func<double>? random)
{
    // Not for secrets: it only keeps callers from retrying all at once.
    private readonly Func<double> _random = random ?? (static () => Random.Shared.NextDouble());

    /// <summary>How long to wait before the next attempt; null for no retry.</summary>
    public TimeSpan? DelayBeforeRetry(ChatsRequest request, RetryAttempt attempt, int number)
    {
        // After a rejection the body is unread again, unless a handler replaced it.
        if (attempt.Response is { IsSuccessStatusCode: true } || request.IsOver || request.MayHaveBeenSent)
        {
            return null;
        }

        var delay = Backoff(number);
        if (attempt is { Response: { } response, Info: { } info })
        {
            if (request.WasRedirected(response) || !MayRetry(request.Operation, info.StatusCode) ||
                (info.StatusCode is 420 or 429 && (info.RetryAfter > options.MaxQuotaWait || info is { Limit: ChatsLimitKind.Hourly, RetryAfter: null })))
            {
                return null;
            }

            // Until then, our own limiter would reject it.
            delay += info is { StatusCode: 420 or 429, Limit: not ChatsLimitKind.Hourly } ? BusinessLimiter.Pause : TimeSpan.Zero;
            delay = info.RetryAfter > delay ? info.RetryAfter.Value : delay;
        }
        else if (!NetworkFailure.Is(attempt.Exception!))
        {
            return null;
        }

        // The current response is more useful than a timeout.
        return delay < request.TimeRemaining ? delay : null;
    }

    private static bool MayRetry(ChatsOperation operation, int status) =>
        status is 420 or 429 || (operation.IsRead && status is 408 or (>= 500 and <= 599));

    /// <summary>Doubles with each attempt; random jitter shortens it by up to half.</summary>
    private TimeSpan Backoff(int number)
    {
        var longest = options.RetryDelay.Ticks * (1L << (number - 1));
        return TimeSpan.FromTicks((long)(longest * (1 - (_random() / 2))));
    }
}

internal static class NetworkFailure
{
    /// <summary>Whether an exception can be caused by the network, so that another attempt may succeed.</summary>
    public static bool Is(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or SocketException or AuthenticationException
        // From a body whose connection was closed while it was read, by a handler or by Dispose.
        || exception is ObjectDisposedException { ObjectName: not "System.Net.Http.HttpClient" };
}
