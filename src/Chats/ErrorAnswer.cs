using System.Net.Http.Headers;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats;

/// <summary>What an answer tells of an error. Whatever of it cannot be read is left empty: the status stands in any case.</summary>
internal sealed class ErrorAnswer
{
    private ErrorAnswer(HttpResponseMessage response, IReadOnlyList<ApiError> errors)
    {
        StatusCode = (int)response.StatusCode;
        Errors = errors;
        TraceParent = RateLimitHeaders.First(response, "traceparent");
        RateLimit = RateLimitHeaders.Read(response);
        Date = response.Headers.Date;
        RetryAfter = response.Headers.RetryAfter;
    }

    public int StatusCode { get; }

    public IReadOnlyList<ApiError> Errors { get; }

    public string? TraceParent { get; }

    public ChatsRateLimit? RateLimit { get; }

    /// <summary>The standard header, which this service does not send today.</summary>
    public RetryConditionHeaderValue? RetryAfter { get; }

    /// <summary>The service's clock.</summary>
    public DateTimeOffset? Date { get; }

    /// <summary>How long the answer asks to wait, at least zero; null if it does not tell.</summary>
    public TimeSpan? WaitFor(bool isParallelLimit, TimeProvider clock)
    {
        // The hourly window says nothing of when one of the requests at once will end.
        var until = RetryAfter?.Date ?? (isParallelLimit ? null : RateLimit?.ResetsAt);
        var wait = RetryAfter?.Delta ?? until - (Date ?? clock.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    public static ErrorAnswer Of(HttpResponseMessage response, ResponseBody body) =>
        new(response, (body.Fault is null ? body.TryParse(ErrorResponse.Read, out _)?.Errors : null) ?? []);
}
