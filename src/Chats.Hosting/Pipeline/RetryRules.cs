using Polly;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// What may be repeated, and after which pause. A read: after no answer, a 5xx, a 408 or a limit. A send: after no answer or a limit, and
/// only where it is proved that the service did not take it.
/// </summary>
internal sealed class RetryRules(ChatsHostingOptions options, TimeProvider clock, Func<double>? random)
{
    // Not for secrets: it only keeps callers from coming back all at once.
    private readonly Func<double> _random = random ?? Jitter.Next;

    /// <summary>How long to wait before the attempt is repeated; null if it is not.</summary>
    public async ValueTask<TimeSpan?> PauseAsync(
        ChatsRequest request, Outcome<HttpResponseMessage> outcome, int attempt, CancellationToken cancellationToken)
    {
        // After a limit the answer has cleared the mark, unless a handler has changed the body so that nobody could tell what becomes of it.
        if (request.MayHaveBeenSent)
        {
            return null;
        }

        TimeSpan pause;
        if (outcome.Result is { } response)
        {
            if (request.WasRedirected(response) || !MayRepeat(request.Operation, (int)response.StatusCode))
            {
                return null;
            }

            var kind = await LimitRefusal.KindAsync(response, cancellationToken).ConfigureAwait(false);
            var asked = AskedWait(response, kind);
            if (LimitRefusal.Is(response) && asked > options.MaxQuotaWait)
            {
                return null;
            }

            pause = Longer(Growing(attempt), asked);
        }
        else if (ChatsExceptionFactory.IsNetworkFailure(outcome.Exception!))
        {
            pause = Growing(attempt);
        }
        else
        {
            return null;
        }

        // An answer in hand is worth more than a time-out.
        return pause < request.TimeRemaining ? pause : null;
    }

    private static bool MayRepeat(ChatsOperation operation, int status) =>
        status is 420 or 429 || (operation.IsRead && status is 408 or (>= 500 and <= 599));

    /// <summary>
    /// What the answer asks for, less than a second more where it speaks of a moment: the service's clock is told in whole seconds.
    /// </summary>
    private TimeSpan? AskedWait(HttpResponseMessage response, ChatsLimitKind kind)
    {
        if (response.Headers.RetryAfter?.Delta is { } delta)
        {
            return delta;
        }

        var until = response.Headers.RetryAfter?.Date
            ?? (LimitRefusal.Is(response) && kind != ChatsLimitKind.Parallel && RateLimitHeaders.Read(response) is { Remaining: null or <= 0 } told
                ? told.ResetsAt
                : null);
        return until - (response.Headers.Date ?? clock.GetUtcNow());
    }

    private TimeSpan Growing(int attempt)
    {
        var whole = options.RetryDelay.Ticks * (1L << attempt);
        return TimeSpan.FromTicks((long)(whole * (1 - (_random() / 2))));
    }

    private static TimeSpan Longer(TimeSpan pause, TimeSpan? asked) => asked > pause ? asked.Value : pause;
}
