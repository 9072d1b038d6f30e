namespace YandexMarket.Chats.Wire;

/// <summary>
/// JsonTextReader rejects a document with an integer of more than 380 digits, even in an unknown member. No value of the contract is that
/// long.
/// </summary>
internal static class LongNumbers
{
    /// <summary>More digits than any number of the contract, but fewer than JsonTextReader rejects.</summary>
    private const int MaxDigits = 300;

    /// <summary>
    /// Replaces each integer that is too long with <c>{}</c> and spaces: a reader skips it in an unknown member and rejects it anywhere else.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    public static bool Blank(Span<byte> utf8)
    {
        var found = false;
        var inString = false;
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == '"')
            {
                inString = !inString;
            }
            else if (inString)
            {
                i += utf8[i] == '\\' ? 1 : 0;
            }
            else if (IsDigit(utf8[i]))
            {
                var start = i;
                while (i + 1 < utf8.Length && IsDigit(utf8[i + 1]))
                {
                    i++;
                }

                if (i - start >= MaxDigits && IsInteger(utf8, ref start, i))
                {
                    utf8.Slice(start, i + 1 - start).Fill((byte)' ');
                    (utf8[start], utf8[start + 1]) = ((byte)'{', (byte)'}');
                    found = true;
                }
            }
        }

        return found;
    }

    private static bool IsInteger(Span<byte> utf8, ref int start, int end)
    {
        var before = start > 0 ? utf8[start - 1] : (byte)0;
        var after = end + 1 < utf8.Length ? utf8[end + 1] : (byte)0;
        start -= before == '-' ? 1 : 0;
        // The digits of a fraction or an exponent, and those before them, are a floating-point number, which may be long.
        var prefix = start > 0 ? utf8[start - 1] : (byte)0;
        return !IsPartOfFloat(before) && !IsPartOfFloat(prefix) && !IsPartOfFloat(after);
    }

    private static bool IsPartOfFloat(byte value) => value is (byte)'.' or (byte)'e' or (byte)'E' or (byte)'+';

    private static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';
}
