using System.Globalization;

namespace YandexMarket.Chats;

/// <summary>Reads the headers of a response. A malformed header counts as absent.</summary>
internal static class ResponseHeaders
{
    // The dates of RFC 822, with a two-digit year and perhaps no seconds, and those of RFC 1123. The weekday is removed first: the
    // vendor's own sample has a wrong one, and .NET rejects such a date.
    private static readonly string[] _dates =
        ["d MMM yyyy HH:mm:ss zzz", "d MMM yy HH:mm:ss zzz", "d MMM yyyy HH:mm zzz", "d MMM yy HH:mm zzz"];

    private static readonly string[] _utcNames = ["GMT", "UT", "UTC", "Z"];

    private static readonly CachedDate _until = new();

    private static readonly CachedDate _clock = new();

    public static ChatsRateLimit? Read(HttpResponseMessage response, out DateTimeOffset? date, out string? traceParent)
    {
        (date, traceParent) = (_clock.Read(Find(response, "Date")), Find(response, "traceparent"));
        var (limit, remaining) = (Number(Find(response, "X-RateLimit-Resource-Limit")), Number(Find(response, "X-RateLimit-Resource-Remaining")));
        var resetsAt = _until.Read(Find(response, "X-RateLimit-Resource-Until"));
        return limit is null && remaining is null && resetsAt is null ? null : new ChatsRateLimit(limit, remaining, resetsAt);
    }

    /// <summary>The first value of a header, or null.</summary>
    private static string? Find(HttpResponseMessage response, string name) =>
#if NET
        // Without objects of parsed headers, and without an enumerator where there is one value.
        !response.Headers.NonValidated.TryGetValues(name, out var values) ? null : values.Count == 1 ? values.ToString() : values.First();
#else
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
#endif

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static DateTimeOffset? Parse(string text)
    {
        var date = text.Substring(text.IndexOf(',') + 1).Trim();
        var zone = date.LastIndexOf(' ') + 1;
        if (_utcNames.Contains(date.Substring(zone), StringComparer.OrdinalIgnoreCase))
        {
            date = $"{date.Substring(0, zone)}+00:00";
        }

        return DateTimeOffset.TryParseExact(date, _dates, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out var moment)
            ? moment
            : null;
    }

    /// <summary>
    /// The last parsed date with its text: parsing a date is slow, and the same text repeats for a second, or for a whole window.
    /// </summary>
    private sealed class CachedDate
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
                _last = last = new Known(text, Parse(text));
            }

            return last.Moment;
        }

        private sealed record Known(string Text, DateTimeOffset? Moment);
    }
}
