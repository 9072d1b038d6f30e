namespace YandexMarket.Chats.Testing;

/// <summary>What came over the wire, as the server saw it.</summary>
internal sealed class RawRecord
{
    public ConcurrentQueue<string> Heads { get; } = new();

    /// <summary>The requests that arrived completely, in order of arrival.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The texts of the complete sends.</summary>
    public ConcurrentQueue<string> Texts { get; } = new();

    /// <summary>What went wrong with a script, other than that the client went away.</summary>
    public ConcurrentQueue<Exception> Defects { get; } = new();

    /// <summary>The connections; each ends when the client has closed it.</summary>
    public ConcurrentQueue<Task> Connections { get; } = new();

    public int Complete => Requests.Count;

    public int Opened => Connections.Count;

    public int Open => Connections.Count(connection => !connection.IsCompleted);

    public void Add(string request, string? text)
    {
        Requests.Enqueue(request);
        if (text is not null)
        {
            Texts.Enqueue(text);
        }
    }
}
