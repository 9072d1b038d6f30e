namespace YandexMarket.Chats.Hosting;

/// <summary>What an answer tells of the limits.</summary>
internal readonly record struct QuotaAnswer(int Status, ChatsLimitKind Exceeded, ChatsRateLimit? Told, DateTimeOffset? Date)
{
    public bool IsRefusalByLimit => Status is 420 or 429;

    public static QuotaAnswer Of(HttpResponseMessage response, ChatsLimitKind exceeded) =>
        new((int)response.StatusCode, exceeded, RateLimitHeaders.Read(response), DateOf(response));

    public static QuotaAnswer Of(ChatsQuotaReport report) => new(report.StatusCode, report.Exceeded, report.RateLimit, report.Date);

    private static DateTimeOffset? DateOf(HttpResponseMessage response) =>
#if NET
        // In the one form that servers write, without the objects that a parsed header is kept in.
        response.Headers.NonValidated.TryGetValues("Date", out var values) && DateTimeOffset.TryParseExact(
            values.ToString(), "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date :
#endif
        response.Headers.Date;
}
