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
        (date, traceParent) = (null, null);
        (int? limit, int? remaining, DateTimeOffset? resetsAt) = (null, null, null);
        // One pass costs less than five lookups, and on .NET creates no objects of parsed headers.
#if NET
        foreach (var header in response.Headers.NonValidated)
#else
        foreach (var header in response.Headers)
#endif
        {
            bool Is(string name) => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase);
            if (Is("traceparent"))
            {
                traceParent = First(header.Value);
            }
            else if (Is("Date"))
            {
                date = _clock.Read(First(header.Value));
            }
            else if (Is("X-RateLimit-Resource-Limit"))
            {
                limit = Number(First(header.Value));
            }
            else if (Is("X-RateLimit-Resource-Remaining"))
            {
                remaining = Number(First(header.Value));
            }
            else if (Is("X-RateLimit-Resource-Until"))
            {
                resetsAt = _until.Read(First(header.Value));
            }
        }

        return limit is null && remaining is null && resetsAt is null ? null : new ChatsRateLimit(limit, remaining, resetsAt);
    }

#if NET
    // Without an enumerator where there is one value.
    private static string First(System.Net.Http.Headers.HeaderStringValues values) => values.Count == 1 ? values.ToString() : values.First();
#else
    private static string First(IEnumerable<string> values) => values.First();
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

        public DateTimeOffset? Read(string text)
        {
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
