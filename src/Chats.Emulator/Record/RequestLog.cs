using System.Collections;
using System.Collections.Concurrent;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// The emulator's own record of its calls. It keeps the latest <see cref="ChatsEmulatorOptions.MaxRecordedRequests"/> and counts all. A call is
/// recorded before its caller can have the response. Enumerating uses a snapshot, oldest first. Thread-safe.
/// </summary>
public sealed class RequestLog : IEnumerable<RecordedRequest>
{
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly int _capacity;
    private long _total;
    private long _delivered;

    internal RequestLog(int capacity) => _capacity = capacity;

    /// <summary>
    /// Raised for each call, on the thread that serves it and before its response is sent: return quickly. An exception thrown here turns
    /// the response into a bare 500, or closes the connection if it is an <see cref="IOException"/> or a cancellation, even if a message was
    /// delivered.
    /// </summary>
    public event Action<RecordedRequest>? Recorded;

    /// <summary>How many calls were received since the emulator started, including those no longer kept.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>How many calls delivered a message since the emulator started, including those no longer kept.</summary>
    public long TotalDelivered => Interlocked.Read(ref _delivered);

    /// <inheritdoc/>
    public IEnumerator<RecordedRequest> GetEnumerator() => _requests.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(RecordedRequest request)
    {
        lock (_gate)
        {
            request.Number = ++_total;
            _delivered += request.WasDelivered ? 1 : 0;
            _requests.Enqueue(request);
            if (_requests.Count > _capacity)
            {
                _requests.TryDequeue(out _);
            }
        }

        Recorded?.Invoke(request);
    }
}
