namespace YandexMarket.Chats;

/// <summary>The argument checks of the generated methods, with the bounds of the contract. A chat's text never appears in a message.</summary>
internal static class Argument
{
    public static void InRange(long minimum, long maximum, long value, string name)
    {
        if (value < minimum || value > maximum)
        {
            throw new ArgumentOutOfRangeException(
                name, value, value < minimum ? $"{name} must be at least {minimum}." : $"{name} must be at most {maximum}.");
        }
    }

    /// <summary>Rejects null, a text that cannot be encoded as UTF-8 unchanged, and a length outside of the bounds.</summary>
    public static void Text(int minimum, int maximum, string value, string name)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && !(i + 1 < value.Length && char.IsSurrogatePair(value[i], value[++i])))
            {
                throw new ArgumentException(
                    $"{name} contains an unpaired surrogate (half of a character), which cannot be sent unchanged: split texts between characters.",
                    name);
            }
        }

        if (value.Length < minimum || value.Length > maximum)
        {
            throw new ArgumentException(
                $"{name} has {value.Length} characters; " +
                (value.Length < minimum ? $"at least {minimum} are required." : $"at most {maximum} are allowed: shorten it, or send it in parts."),
                name);
        }
    }
}
