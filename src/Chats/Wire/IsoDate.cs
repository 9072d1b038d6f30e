using System.Globalization;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// ISO 8601 dates as the service writes them: <c>yyyy-MM-ddTHH:mm:ss</c>, any number of fraction digits (.NET keeps seven, the
/// others are dropped), and a required offset (Z, ±HH:mm, ±HHmm or ±HH).
/// </summary>
internal static class IsoDate
{
    private const string RoundTrip = "0000-00-00T00:00:00.0000000+00:00";
    private const int SecondsEnd = 19;
    private const int FractionStart = 20;
    private const int FractionDigits = 7;
    private const int OffsetStart = 27;

    public static bool TryParse(string text, out DateTimeOffset value)
    {
        value = default;
        if (text.Length <= SecondsEnd)
        {
            return false;
        }

        // Rewritten in .NET's round-trip format, which it parses several times as fast as any other.
        Span<char> date = stackalloc char[RoundTrip.Length];
        RoundTrip.AsSpan().CopyTo(date);
        text.AsSpan(0, SecondsEnd).CopyTo(date);
        date[10] = date[10] == 't' ? 'T' : date[10];
        if (date[SecondsEnd - 2] == '6' && date[SecondsEnd - 1] == '0')
        {
            // A leap second, which .NET does not have.
            (date[SecondsEnd - 2], date[SecondsEnd - 1]) = ('5', '9');
        }

        var rest = text.AsSpan(SecondsEnd);
        if (rest[0] == '.')
        {
            var end = 1;
            while (end < rest.Length && rest[end] is >= '0' and <= '9')
            {
                end++;
            }

            if (end == 1)
            {
                return false;
            }

            rest.Slice(1, Math.Min(end - 1, FractionDigits)).CopyTo(date.Slice(FractionStart));
            rest = rest.Slice(end);
        }

        switch (rest.Length)
        {
            case 1 when rest[0] is 'Z' or 'z':
                break;
            case 3 or 6:
                rest.CopyTo(date.Slice(OffsetStart));
                break;
            case 5:
                rest.Slice(0, 3).CopyTo(date.Slice(OffsetStart));
                rest.Slice(3).CopyTo(date.Slice(OffsetStart + 4));
                break;
            default:
                return false;
        }

        // .NET accepts +03:60 as +04:00.
#if NET
        return date[OffsetStart + 4] < '6' && DateTimeOffset.TryParseExact(date, "o", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);
#else
        return date[OffsetStart + 4] < '6'
            && DateTimeOffset.TryParseExact(date.ToString(), "o", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);
#endif
    }
}
