namespace YandexMarket.Chats.Hosting;

/// <summary>Reads ids from a URL as text, because the properties of a Uri allocate on each use.</summary>
internal static class UrlIds
{
    public static long Business(string url) => Find(url, "/businesses/").GetValueOrDefault();

    /// <summary>The digits after the last occurrence of a text; null if there are none.</summary>
    public static long? Find(string url, string before)
    {
        var start = url.LastIndexOf(before, StringComparison.Ordinal);
        long? id = null;
        for (var i = start + before.Length; start >= 0 && i < url.Length && url[i] is >= '0' and <= '9'; i++)
        {
            id = (id.GetValueOrDefault() * 10) + (url[i] - '0');
        }

        return id;
    }
}
