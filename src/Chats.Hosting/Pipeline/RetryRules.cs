namespace YandexMarket.Chats.Hosting;

/// <summary>
/// What may be retried, and after which delay. A read: without a response, or after a 5xx, a 408 or a limit. A send: without a response or
/// after a limit, and only where it is proved that the service did not take it.
/// </summary>
internal sealed class RetryRules(ChatsHostingOptions options, TimeProvider clock, Func<double>? random)
{
    private static readonly TimeSpan _longestDelay = TimeSpan.FromMilliseconds(int.MaxValue);

    // Not for secrets: it only keeps callers from coming back all at once.
    private readonly Func<double> _random = random ?? Jitter.Next;

    /// <summary>How long to wait before the next attempt; null if there is none.</summary>
    public TimeSpan? DelayBeforeRetry(ChatsRequest request, RetryAttempt attempt, int number)
    {
        if (attempt.Response is { IsSuccessStatusCode: true } || request.IsOver)
        {
            return null;
        }

        // A limit has cleared the mark, unless a handler changed the body so that nobody can tell what becomes of it.
        if (request.MayHaveBeenSent)
        {
            return null;
        }

        TimeSpan delay;
        if (attempt.Response is { } response)
        {
            if (request.WasRedirected(response) || !MayRetry(request.Operation, (int)response.StatusCode))
            {
                return null;
            }

            var asked = RequestedDelay(response, attempt.Limit);
            if (LimitKind.IsLimit(response) && asked > options.MaxQuotaWait)
            {
                return null;
            }

            delay = Backoff(number);
            delay = asked > delay ? asked.Value : delay;
        }
        else if (ChatsExceptionFactory.IsNetworkFailure(attempt.Exception!))
        {
            delay = Backoff(number);
        }
        else
        {
            return null;
        }

        // The response at hand is worth more than a timeout, and than a delay that no timer can count.
        return delay < request.TimeRemaining && delay < _longestDelay ? delay : null;
    }

    private static bool MayRetry(ChatsOperation operation, int status) =>
        status is 420 or 429 || (operation.IsRead && status is 408 or (>= 500 and <= 599));

    /// <summary>What the response asks for, up to a second longer where it names a moment: the service's clock tells whole seconds.</summary>
    private TimeSpan? RequestedDelay(HttpResponseMessage response, ChatsLimitKind limit)
    {
        if (response.Headers.RetryAfter?.Delta is { } delta)
        {
            return delta;
        }

        var until = response.Headers.RetryAfter?.Date
            ?? (LimitKind.IsLimit(response) && limit != ChatsLimitKind.Parallel && RateLimitHeaders.Read(response) is { Remaining: null or <= 0 } window
                ? window.ResetsAt
                : null);
        return until - (response.Headers.Date ?? clock.GetUtcNow());
    }

    /// <summary>Doubles with each attempt, less up to a half at random.</summary>
    private TimeSpan Backoff(int number)
    {
        var longest = options.RetryDelay.Ticks * (1L << (number - 1));
        return TimeSpan.FromTicks((long)(longest * (1 - (_random() / 2))));
    }
}
