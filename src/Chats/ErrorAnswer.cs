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
        RetryAfter = response.Headers.RetryAfter?.Delta;
        RetryAt = response.Headers.RetryAfter?.Date;
        Date = response.Headers.Date;
    }

    public int StatusCode { get; }

    public IReadOnlyList<ApiError> Errors { get; }

    public string? TraceParent { get; }

    public ChatsRateLimit? RateLimit { get; }

    /// <summary>The standard header, which this service does not send today, where it holds a time.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The same header, where it holds a date.</summary>
    public DateTimeOffset? RetryAt { get; }

    /// <summary>The service's clock.</summary>
    public DateTimeOffset? Date { get; }

    public static ErrorAnswer Of(HttpResponseMessage response, ResponseBody body) =>
        new(response, (body.Fault is null ? body.TryParse(ErrorResponse.Read, out _)?.Errors : null) ?? []);
}
