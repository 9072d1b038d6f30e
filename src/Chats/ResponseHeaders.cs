using System.Globalization;

namespace YandexMarket.Chats;

/// <summary>Reads the headers of a response. A malformed header counts as absent.</summary>
internal static class ResponseHeaders
{
    // The dates of RFC 822, with a two-digit year and perhaps no seconds, and those of RFC 1123. The weekday is removed first: the
    // vendor's own sample has a wrong one, and .NET rejects such a date.
    private static readonly string[] _dates =
        ["d MMM yyyy HH:mm:ss zzz", "d MMM yy HH:mm:ss zzz", "d MMM yyyy HH:mm zzz", "d MMM yy HH:mm zzz"];

    private static readonly string[] _namesOfUtc = ["GMT", "UT", "UTC", "Z"];

    private static readonly LastDate _until = new(Parse);

    private static readonly LastDate _clock = new(static text =>
        DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment : null);

    public static ChatsRateLimit? Read(HttpResponseMessage response, out DateTimeOffset? date, out string? traceParent)
    {
        traceParent = First(response, "traceparent");
        date = _clock.Read(First(response, "Date")) ?? response.Headers.Date;
        var limit = Number(First(response, "X-RateLimit-Resource-Limit"));
        var remaining = Number(First(response, "X-RateLimit-Resource-Remaining"));
        var resetsAt = _until.Read(First(response, "X-RateLimit-Resource-Until"));
        return limit is null && remaining is null && resetsAt is null ? null : new ChatsRateLimit(limit, remaining, resetsAt);
    }

#if NET
    // Without the objects that a lookup of a parsed header creates.
    private static string? First(HttpResponseMessage response, string header) =>
        !response.Headers.NonValidated.TryGetValues(header, out var values) ? null
        : values.Count == 1 ? values.ToString()
        : values.First();
#else
    private static string? First(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;
#endif

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static DateTimeOffset? Parse(string text)
    {
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

    /// <summary>
    /// The last parsed date with its text: parsing a date is slow, and the same text comes again for a second, or for a whole window.
    /// </summary>
    private sealed class LastDate(Func<string, DateTimeOffset?> parse)
    {
        private volatile Known? _last;

        public DateTimeOffset? Read(string? text)
        {
            if (text is null)
            {
                return null;
            }

            var last = _last;
            if (last?.Text != text)
            {
                _last = last = new Known(text, parse(text));
            }

            return last.Moment;
        }

        private sealed record Known(string Text, DateTimeOffset? Moment);
    }
}
