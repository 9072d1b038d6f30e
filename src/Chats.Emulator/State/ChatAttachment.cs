namespace YandexMarket.Chats.Emulator;

/// <summary>A file attached to a message: one element of <c>payload</c> in the response.</summary>
public sealed record ChatAttachment
{
    private const int LongestUrl = 2000;

    /// <summary>Describes an attached file. Nothing is downloaded or uploaded.</summary>
    /// <param name="name">The file's name; may be empty, as in the service.</param>
    /// <param name="url">The file's URL, 1 to 2000 characters.</param>
    /// <param name="size">The file's size in bytes, zero or more.</param>
    /// <exception cref="ArgumentNullException">The name or the URL is null.</exception>
    /// <exception cref="ArgumentException">The URL is empty or longer than 2000 characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    public ChatAttachment(string name, string url, int size)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentException.ThrowIfNullOrEmpty(url);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (url.Length > LongestUrl)
        {
            throw new ArgumentException($"The service allows 1 to {LongestUrl} characters; this URL has {url.Length}.", nameof(url));
        }

        (Name, Url, Size) = (name, url, size);
    }

    /// <summary>The file's name; may be empty.</summary>
    public string Name { get; }

    /// <summary>The file's URL.</summary>
    public string Url { get; }

    /// <summary>The file's size in bytes.</summary>
    public int Size { get; }
}
