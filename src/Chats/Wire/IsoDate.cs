using System.Globalization;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// ISO 8601 dates as the service writes them: <c>yyyy-MM-ddTHH:mm:ss</c>, any number of fraction digits (.NET keeps seven, the rest is
/// cut off), and an offset, without which the moment would be a guess.
/// </summary>
internal static class IsoDate
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz";
    private const int SecondsEnd = 19;
    private const int LongestFractionEnd = SecondsEnd + 8;

    private static readonly char[] _offsetStarts = ['Z', 'z', '+', '-'];

    public static bool TryParse(string text, out DateTimeOffset value) =>
        TryParseExact(text, out value) || TryParseExact(Normalize(text), out value);

    // .NET would also take an offset of one digit, as +3:00.
    private static bool TryParseExact(string text, out DateTimeOffset value)
    {
        value = default;
        return text.Length > SecondsEnd && text.LastIndexOfAny(_offsetStarts) == text.Length - 6 &&
            DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out value);
    }

    /// <summary>Seven digits of a fraction at most, and the offset with hours and minutes; an empty text if it is no date.</summary>
    private static string Normalize(string text)
    {
        var start = text.LastIndexOfAny(_offsetStarts);
        if (start < SecondsEnd || text[start - 1] == '.')
        {
            return "";
        }

        for (var i = LongestFractionEnd; i < start; i++)
        {
            if (text[i] is < '0' or > '9')
            {
                return "";
            }
        }

        var offset = text.Substring(start);
        offset = offset is "Z" or "z" ? "+00:00"
            : offset.Length == 3 ? offset + ":00"
            : offset.Length == 5 ? offset.Insert(3, ":")
            : offset;
        return text.Substring(0, Math.Min(start, LongestFractionEnd)).Replace('t', 'T') + offset;
    }
}
