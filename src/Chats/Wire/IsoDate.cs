namespace YandexMarket.Chats.Wire;

/// <summary>
/// ISO 8601 dates as the service writes them: <c>yyyy-MM-ddTHH:mm:ss</c>, any number of fraction digits (.NET keeps seven, the
/// others are dropped), and an offset, without which the time would be a guess.
/// </summary>
internal static class IsoDate
{
    private const int SecondsEnd = 19;
    private const int KeptFractionDigits = 7;

    public static bool TryParse(string text, out DateTimeOffset value)
    {
        value = default;
        if (text.Length <= SecondsEnd || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't') || text[13] != ':' || text[16] != ':')
        {
            return false;
        }

        int year = Number(text, 0, 4), month = Number(text, 5, 2), day = Number(text, 8, 2);
        int hour = Number(text, 11, 2), minute = Number(text, 14, 2), second = Number(text, 17, 2);
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59)
        {
            return false;
        }

        var position = SecondsEnd;
        if (!TryReadFraction(text, ref position, out var ticks) || !TryReadOffset(text, position, out var offset))
        {
            return false;
        }

        var local = new DateTime(year, month, day, hour, minute, second).Ticks + ticks;
        var utc = local - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        value = new DateTimeOffset(local, offset);
        return true;
    }

    private static bool TryReadFraction(string text, ref int position, out long ticks)
    {
        ticks = 0;
        if (text[position] != '.')
        {
            return true;
        }

        var first = ++position;
        for (; position < text.Length && text[position] is >= '0' and <= '9'; position++)
        {
            if (position - first < KeptFractionDigits)
            {
                ticks = (ticks * 10) + (text[position] - '0');
            }
        }

        for (var digits = position - first; digits < KeptFractionDigits; digits++)
        {
            ticks *= 10;
        }

        return position > first;
    }

    // Z, ±HH:mm, ±HHmm or ±HH.
    private static bool TryReadOffset(string text, int position, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        var length = text.Length - position;
        if (length == 1)
        {
            return text[position] is 'Z' or 'z';
        }

        if (length is not (3 or 5 or 6) || text[position] is not ('+' or '-') || (length == 6 && text[position + 3] != ':'))
        {
            return false;
        }

        var hours = Number(text, position + 1, 2);
        var minutes = length == 3 ? 0 : Number(text, text.Length - 2, 2);
        if (hours is < 0 or > 14 || minutes is < 0 or > 59 || (hours == 14 && minutes > 0))
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0);
        offset = text[position] == '-' ? -offset : offset;
        return true;
    }

    private static int Number(string text, int start, int digits)
    {
        var value = 0;
        for (var i = start; i < start + digits; i++)
        {
            if (text[i] is < '0' or > '9')
            {
                return -1;
            }

            value = (value * 10) + (text[i] - '0');
        }

        return value;
    }
}
