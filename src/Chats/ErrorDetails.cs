using System.Net.Http.Headers;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

/// <summary>What a response says of an error. Whatever cannot be read is left empty: the status stands in any case.</summary>
internal sealed class ErrorDetails
{
    private readonly RetryConditionHeaderValue? _retryAfter;
    private readonly DateTimeOffset? _date;

    private ErrorDetails(HttpResponseMessage response, IReadOnlyList<ApiError> errors)
    {
        StatusCode = (int)response.StatusCode;
        Errors = errors;
        Limit = LimitIn(string.Join("\n", errors.Select(error => error.Message)));
        TraceParent = RateLimitHeaders.First(response, "traceparent");
        RateLimit = RateLimitHeaders.Read(response, out _date);
        // A standard header, which this service does not send today.
        _retryAfter = response.Headers.RetryAfter;
    }

    public int StatusCode { get; }

    public IReadOnlyList<ApiError> Errors { get; }

    public string? TraceParent { get; }

    public ChatsRateLimit? RateLimit { get; }

    /// <summary>The two limits share one status and differ only in their text.</summary>
    public ChatsLimitKind Limit { get; }

    /// <summary>The limit that a text of the service names.</summary>
    public static ChatsLimitKind LimitIn(string text) =>
        text.Contains("parallel requests", StringComparison.OrdinalIgnoreCase) ? ChatsLimitKind.Parallel
        : text.Contains("requests per", StringComparison.OrdinalIgnoreCase) ? ChatsLimitKind.Hourly
        : ChatsLimitKind.Unknown;

    public static ErrorDetails Of(HttpResponseMessage response, ResponseBody body) =>
        new(response, (body.Fault is null ? body.TryParse(ErrorResponse.Read, out _)?.Errors : null) ?? []);

    /// <summary>How long to wait, at least zero; null if the response does not say.</summary>
    public TimeSpan? RetryAfter(TimeProvider clock)
    {
        // The hourly window does not say when one of the parallel requests will end.
        var until = _retryAfter?.Date ?? (StatusCode is 420 or 429 && Limit != ChatsLimitKind.Parallel ? RateLimit?.ResetsAt : null);
        var wait = _retryAfter?.Delta ?? until - (_date ?? clock.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>Whether one of the service's reasons contains a text, or has it as its code.</summary>
    public bool Says(string text) => Errors.Any(error =>
        error.Message?.IndexOf(text, StringComparison.OrdinalIgnoreCase) >= 0 || string.Equals(error.Code, text, StringComparison.Ordinal));
}
