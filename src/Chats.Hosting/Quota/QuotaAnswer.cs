namespace YandexMarket.Chats.Hosting;

/// <summary>What an answer tells of the limits.</summary>
internal readonly record struct QuotaAnswer(int Status, ChatsLimitKind Exceeded, ChatsRateLimit? Told, DateTimeOffset? Date)
{
    public bool IsRefusalByLimit => Status is 420 or 429;

    public static QuotaAnswer Of(HttpResponseMessage response, ChatsLimitKind exceeded)
    {
        var told = RateLimitHeaders.Read(response, out var date);
        return new QuotaAnswer((int)response.StatusCode, exceeded, told, date);
    }

    public static QuotaAnswer Of(ChatsQuotaReport report) => new(report.StatusCode, report.Exceeded, report.RateLimit, report.Date);
}
