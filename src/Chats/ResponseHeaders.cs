using System.Globalization;

namespace YandexMarket.Chats;

/// <summary>Reads the headers of a response in one pass. A malformed header counts as absent.</summary>
internal static class ResponseHeaders
{
    // The dates of RFC 822, with a two-digit year and perhaps no seconds, and those of RFC 1123. The weekday is removed first: the
    // vendor's own sample has a wrong one, and .NET rejects such a date.
    private static readonly string[] _dates =
        ["d MMM yyyy HH:mm:ss zzz", "d MMM yy HH:mm:ss zzz", "d MMM yyyy HH:mm zzz", "d MMM yy HH:mm zzz"];

    private static readonly string[] _namesOfUtc = ["GMT", "UT", "UTC", "Z"];

    private const string Limit = "X-RateLimit-Resource-Limit";
    private const string Remaining = "X-RateLimit-Resource-Remaining";
    private const string Until = "X-RateLimit-Resource-Until";
    private const string TraceParent = "traceparent";

    private static readonly LastDate _until = new(Parse);

    private static readonly LastDate _clock = new(static text =>
        DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment : null);

    public static ChatsRateLimit? Read(HttpResponseMessage response, out DateTimeOffset? date, out string? traceParent)
    {
        var raw = RawIn(response);
        traceParent = raw.TraceParent;
        date = _clock.Read(raw.Date) ?? response.Headers.Date;
        var (limit, remaining, resetsAt) = (Number(raw.Limit), Number(raw.Remaining), _until.Read(raw.Until));
        return limit is null && remaining is null && resetsAt is null ? null : new ChatsRateLimit(limit, remaining, resetsAt);
    }

#if NET
    // One pass over the raw headers, without the objects that a lookup creates.
    private static Raw RawIn(HttpResponseMessage response)
    {
        Raw raw = default;
        foreach (var header in response.Headers.NonValidated)
        {
            switch (header.Key.Length)
            {
                case 4 when header.Key.Equals("Date", StringComparison.OrdinalIgnoreCase):
                    raw.Date = FirstOf(header.Value);
                    break;
                case 26 when header.Key.Equals(Limit, StringComparison.OrdinalIgnoreCase):
                    raw.Limit = FirstOf(header.Value);
                    break;
                case 26 when header.Key.Equals(Until, StringComparison.OrdinalIgnoreCase):
                    raw.Until = FirstOf(header.Value);
                    break;
                case 11 when header.Key.Equals(TraceParent, StringComparison.OrdinalIgnoreCase):
                    raw.TraceParent = FirstOf(header.Value);
                    break;
                case 30 when header.Key.Equals(Remaining, StringComparison.OrdinalIgnoreCase):
                    raw.Remaining = FirstOf(header.Value);
                    break;
            }
        }

        return raw;
    }

    private static string FirstOf(System.Net.Http.Headers.HeaderStringValues values) => values.Count == 1 ? values.ToString() : values.First();
#else
    private static Raw RawIn(HttpResponseMessage response) => new()
    {
        Limit = First(response, Limit),
        Remaining = First(response, Remaining),
        Until = First(response, Until),
        Date = First(response, "Date"),
        TraceParent = First(response, TraceParent),
    };

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

    private struct Raw
    {
        public string? Limit;
        public string? Remaining;
        public string? Until;
        public string? Date;
        public string? TraceParent;
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
