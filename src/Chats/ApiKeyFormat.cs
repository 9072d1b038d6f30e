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
            if (c is < '!' or > '~')
            {
                return c switch
                {
                    '\r' or '\n' => "the key contains a line break; trim it (a file often ends with one).",
                    ' ' or '\t' or '\u00A0' => "the key contains a space or a tab; use only the token.",
                    < ' ' or '\u007F' => "the key contains a control character.",
                    _ => "the key contains a non-ASCII character; copy it again from the cabinet.",
                };
            }
        }

        return null;
    }
}
