namespace YandexMarket.Chats;

/// <summary>The argument checks of the generated methods, with the bounds of the contract. A chat's text never appears in a message.</summary>
internal static class Argument
{
    public static void AtLeast(long minimum, long value, string name)
    {
        if (value < minimum)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {minimum}.");
        }
    }

    public static void AtMost(long maximum, long value, string name)
    {
        if (value > maximum)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be at most {maximum}.");
        }
    }

    /// <summary>Rejects null, and a text that cannot be encoded as UTF-8 unchanged.</summary>
    public static void Text(string value, string name)
    {
        if (value is null)
        {
            throw new ArgumentNullException(name);
        }

        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && !(i + 1 < value.Length && char.IsSurrogatePair(value[i], value[++i])))
            {
                throw new ArgumentException(
                    $"{name} contains an unpaired surrogate (half of a character), which cannot be sent unchanged: split texts between characters.",
                    name);
            }
        }
    }

    public static void LongEnough(int minimum, string value, string name)
    {
        if (value.Length < minimum)
        {
            throw new ArgumentException($"{name} has {value.Length} characters; at least {minimum} are required.", name);
        }
    }

    public static void ShortEnough(int maximum, string value, string name)
    {
        if (value.Length > maximum)
        {
            throw new ArgumentException(
                $"{name} has {value.Length} characters; at most {maximum} are allowed: shorten it, or send it in parts.", name);
        }
    }
}
