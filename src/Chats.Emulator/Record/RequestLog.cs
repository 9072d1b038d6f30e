using System.Collections;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// The emulator's own record of its calls. It keeps the latest <see cref="ChatsEmulatorOptions.RequestsKept"/>, so that memory stays
/// flat, and counts all. A call is in the record before its caller can have the response. Enumerating goes over a snapshot. Thread-safe.
/// </summary>
public sealed class RequestLog : IEnumerable<RecordedRequest>
{
    private readonly Lock _gate = new();
    private readonly Ring<RecordedRequest> _ring;
    private long _total;
    private long _taken;

    internal RequestLog(int capacity) => _ring = new Ring<RecordedRequest>(capacity);

    /// <summary>
    /// Raised for each call, on the thread that serves it and before its response leaves: return quickly. An exception thrown here turns
    /// the response into a bare 500, whatever was taken.
    /// </summary>
    public event Action<RecordedRequest>? Recorded;

    /// <summary>How many calls are kept here now. For all calls since the start see <see cref="Total"/>.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _ring.Count;
            }
        }
    }

    /// <summary>How many calls came since the start, kept or not.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>How many calls put a message into a chat since the start, kept or not.</summary>
    public long TotalTaken => Interlocked.Read(ref _taken);

    /// <summary>Forgets the kept calls. The totals go on.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _ring.Clear();
        }
    }

    /// <summary>Goes over a snapshot of the kept calls, oldest first.</summary>
    /// <returns>The enumerator.</returns>
    public IEnumerator<RecordedRequest> GetEnumerator() => ((IEnumerable<RecordedRequest>)Snapshot()).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(RecordedRequest request)
    {
        lock (_gate)
        {
            request.Number = ++_total;
            _taken += request.WasTaken ? 1 : 0;
            _ring.Add(request);
        }

        Recorded?.Invoke(request);
    }

    private RecordedRequest[] Snapshot()
    {
        lock (_gate)
        {
            return _ring.ToArray();
        }
    }
}
