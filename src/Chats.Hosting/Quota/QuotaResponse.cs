namespace YandexMarket.Chats.Hosting;

/// <summary>What a response reports about the limits.</summary>
internal readonly record struct QuotaResponse(int Status, ChatsLimitKind Exceeded, ChatsRateLimit? Reported, DateTimeOffset? Date)
{
    public bool IsRefusalByLimit => Status is 420 or 429;

    public static QuotaResponse Of(HttpResponseMessage response, ChatsLimitKind exceeded)
    {
        var reported = RateLimitHeaders.Read(response, out var date);
        return new QuotaResponse((int)response.StatusCode, exceeded, reported, date);
    }

    public static QuotaResponse Of(ChatsQuotaReport report) => new(report.StatusCode, report.Exceeded, report.RateLimit, report.Date);
}
