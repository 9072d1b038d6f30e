namespace YandexMarket.Chats.Emulator;

/// <summary>A file attached to a message: one element of <c>payload</c> when the message is read.</summary>
public sealed record ChatAttachment
{
    private const int LongestUrl = 2000;

    /// <summary>Describes an attached file. Nothing is downloaded or uploaded: the three values are only handed out.</summary>
    /// <param name="name">The file's name; may be empty, as the service allows.</param>
    /// <param name="url">Where the file lies, 1 to 2000 characters.</param>
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

        Name = name;
        Url = url;
        Size = size;
    }

    /// <summary>The file's name; may be empty.</summary>
    public string Name { get; }

    /// <summary>Where the file lies.</summary>
    public string Url { get; }

    /// <summary>The file's size in bytes.</summary>
    public int Size { get; }
}
