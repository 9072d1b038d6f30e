using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace YandexMarket.Chats.Emulator;

/// <summary>Reads the numbers of path and query: int64, 1 or more.</summary>
internal static class Parameters
{
    /// <summary>Of a parameter given twice the first one counts, and an empty one is not there: both inferred, not documented.</summary>
    public static Refusal? Query(string query, string name, out long value)
    {
        foreach (var pair in new QueryStringEnumerable(query))
        {
            if (pair.DecodeName().Span.SequenceEqual(name) && !pair.EncodedValue.IsEmpty)
            {
                return Number(pair.DecodeValue().Span, name, out value);
            }
        }

        value = 0;
        return Refusals.ParameterMissing(name);
    }

    public static Refusal? Number(ReadOnlySpan<char> text, string name, out long value) =>
        !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) ? Refusals.TypeMismatch(name)
        : value < 1 ? Refusals.TooSmall(name)
        : null;
}
