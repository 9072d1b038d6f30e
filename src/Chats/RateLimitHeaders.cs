using System.Globalization;

namespace YandexMarket.Chats;

/// <summary>Reads the headers of the quota. One that is absent or strange is as good as not sent.</summary>
internal static class RateLimitHeaders
{
    // The dates of RFC 822, with a two-digit year and perhaps no seconds, and those of RFC 1123. The weekday is cut off before: the
    // vendor's own sample has a wrong one, and .NET refuses such a date.
    private static readonly string[] _dates =
        ["d MMM yyyy HH:mm:ss zzz", "d MMM yy HH:mm:ss zzz", "d MMM yyyy HH:mm zzz", "d MMM yy HH:mm zzz"];

    private static readonly string[] _namesOfUtc = ["GMT", "UT", "UTC", "Z"];

    public static ChatsRateLimit? Read(HttpResponseMessage response)
    {
        var limit = Number(First(response, "X-RateLimit-Resource-Limit"));
        var remaining = Number(First(response, "X-RateLimit-Resource-Remaining"));
        var resetsAt = Date(First(response, "X-RateLimit-Resource-Until"));
        return limit is null && remaining is null && resetsAt is null ? null : new ChatsRateLimit(limit, remaining, resetsAt);
    }

    public static string? First(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static DateTimeOffset? Date(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var date = text.Substring(text.IndexOf(',') + 1).Trim();
        var zone = date.LastIndexOf(' ') + 1;
        if (_namesOfUtc.Contains(date.Substring(zone), StringComparer.OrdinalIgnoreCase))
        {
            date = $"{date.Substring(0, zone)}+00:00";
        }

        return DateTimeOffset.TryParseExact(date, _dates, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out var moment)
            ? moment
            : null;
    }
}
