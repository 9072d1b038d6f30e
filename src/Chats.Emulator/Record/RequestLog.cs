using System.Collections;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// The emulator's own record of its calls. It keeps the latest <see cref="ChatsEmulatorOptions.RequestsKept"/>, so that memory stays
/// flat, and counts all. A call is in the record before its caller can have the answer. Enumerating goes over a snapshot. Thread-safe.
/// </summary>
public sealed class RequestLog : IEnumerable<RecordedRequest>
{
    private readonly Lock _gate = new();
    private readonly RecordedRequest?[] _ring;
    private long _total;
    private long _taken;
    private int _kept;
    private int _next;

    internal RequestLog(int capacity) => _ring = new RecordedRequest?[capacity];

    /// <summary>
    /// Raised for each call, on the thread that serves it and before its answer leaves: return quickly. An exception thrown here breaks
    /// the connection of that call.
    /// </summary>
    public event Action<RecordedRequest>? Recorded;

    /// <summary>How many calls are kept here now. For all calls since the start see <see cref="Total"/>.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _kept;
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
            Array.Clear(_ring);
            _kept = 0;
            _next = 0;
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
            _ring[_next] = request;
            _next = (_next + 1) % _ring.Length;
            _kept = Math.Min(_kept + 1, _ring.Length);
        }

        Recorded?.Invoke(request);
    }

    private RecordedRequest[] Snapshot()
    {
        lock (_gate)
        {
            var snapshot = new RecordedRequest[_kept];
            var first = (_next - _kept + _ring.Length) % _ring.Length;
            for (var i = 0; i < _kept; i++)
            {
                snapshot[i] = _ring[(first + i) % _ring.Length]!;
            }

            return snapshot;
        }
    }
}
