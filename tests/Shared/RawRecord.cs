using System.Collections.Concurrent;

namespace YandexMarket.Chats.Testing;

/// <summary>What came over the wire, as the server saw it.</summary>
internal sealed class RawRecord
{
    private readonly ConcurrentQueue<string> _heads = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _texts = new();
    private readonly ConcurrentQueue<Exception> _defects = new();
    private int _open;
    private int _opened;

    /// <summary>The complete heads of requests.</summary>
    public IReadOnlyCollection<string> Heads => _heads;

    /// <summary>How many requests came with head and body.</summary>
    public int Complete => _requests.Count;

    /// <summary>Those requests, head and body as they came.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>The texts of the complete sends.</summary>
    public IReadOnlyCollection<string> Texts => _texts;

    public int Opened => Volatile.Read(ref _opened);

    public int Open => Volatile.Read(ref _open);

    /// <summary>What went wrong with a script, other than that the client went away.</summary>
    public IReadOnlyCollection<Exception> Defects => _defects;

    public void AddHead(string head) => _heads.Enqueue(head);

    public void AddComplete(string request, string? text)
    {
        _requests.Enqueue(request);
        if (text is not null)
        {
            _texts.Enqueue(text);
        }
    }

    public void AddDefect(Exception defect) => _defects.Enqueue(defect);

    public int AddConnection()
    {
        Interlocked.Increment(ref _open);
        return Interlocked.Increment(ref _opened);
    }

    public void EndConnection() => Interlocked.Decrement(ref _open);
}
