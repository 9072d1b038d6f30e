namespace YandexMarket.Chats;

/// <summary>The format of a key. The key itself never appears in a message.</summary>
internal static class ApiKeyFormat
{
    /// <summary>What is wrong with a key and how to fix it, or null.</summary>
    public static string? FindError(string? key)
    {
        if (string.IsNullOrEmpty(key))
        {
            return "the key is empty.";
        }

        if (key!.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return "the key starts with \"Bearer \"; use only the token.";
        }

        foreach (var c in key)
        {
            switch (c)
            {
                case >= '!' and <= '~':
                    continue;
                case '\r' or '\n':
                    return "the key contains a line break; trim it (a file often ends with one).";
                case ' ' or '\t' or '\u00A0':
                    return "the key contains a space or a tab; use only the token.";
                case < ' ' or '\u007F':
                    return "the key contains a control character.";
                default:
                    return "the key contains a non-ASCII character; copy it again from the cabinet.";
            }
        }

        return null;
    }
}
