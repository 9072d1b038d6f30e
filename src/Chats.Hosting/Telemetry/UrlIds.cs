namespace YandexMarket.Chats.Hosting;

/// <summary>Reads ids out of a URL as the client wrote it: the parts of a Uri are allocated anew on each use.</summary>
internal static class UrlIds
{
    public static long Business(string url) => Find(url, "/businesses/").GetValueOrDefault();

    /// <summary>The digits that follow the last occurrence of a text; null without any.</summary>
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
