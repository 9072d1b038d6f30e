namespace YandexMarket.Chats.Hosting;

/// <summary>
/// What may be retried, and after which delay: a read without a response, or after a 5xx, a 408 or a rate limit; a send without a response
/// or after a rate limit, and only if it is certain that the service did not accept it.
/// </summary>
internal sealed class RetryRules(ChatsHostingOptions options, Func<double>? random)
{
    private static readonly TimeSpan _longestDelay = TimeSpan.FromMilliseconds(int.MaxValue);

    // Not for secrets: it only keeps callers from retrying all at once.
    private readonly Func<double> _random = random ?? Jitter.Next;

    /// <summary>How long to wait before the next attempt; null if there is none.</summary>
    public TimeSpan? DelayBeforeRetry(ChatsRequest request, RetryAttempt attempt, int number)
    {
        if (attempt.Response is { IsSuccessStatusCode: true } || request.IsOver)
        {
            return null;
        }

        // A refusal has reset the mark, unless a handler replaced the body.
        if (request.MayHaveBeenSent)
        {
            return null;
        }

        TimeSpan delay;
        if (attempt.Response is { } response)
        {
            var info = attempt.Info!;
            if (request.WasRedirected(response) || !MayRetry(request.Operation, info.StatusCode) ||
                (info.StatusCode is 420 or 429 && info.RetryAfter > options.MaxQuotaWait))
            {
                return null;
            }

            delay = Backoff(number);
            delay = info.RetryAfter > delay ? info.RetryAfter.Value : delay;
        }
        else if (NetworkFailure.Is(attempt.Exception!))
        {
            delay = Backoff(number);
        }
        else
        {
            return null;
        }

        // The present response is worth more than a timeout, or than a delay too long for a timer.
        return delay < request.TimeRemaining && delay < _longestDelay ? delay : null;
    }

    private static bool MayRetry(ChatsOperation operation, int status) =>
        status is 420 or 429 || (operation.IsRead && status is 408 or (>= 500 and <= 599));

    /// <summary>Doubles with each attempt, less up to a half at random.</summary>
    private TimeSpan Backoff(int number)
    {
        var longest = options.RetryDelay.Ticks * (1L << (number - 1));
        return TimeSpan.FromTicks((long)(longest * (1 - (_random() / 2))));
    }
}

internal static class Jitter
{
#if NET
    public static double Next() => Random.Shared.NextDouble();
#else
    private static readonly Random _random = new();

    public static double Next()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }
#endif
}
