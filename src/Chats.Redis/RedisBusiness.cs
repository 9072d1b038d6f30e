using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace YandexMarket.Chats.Redis;

/// <summary>What this process knows of one business at one service. Everything but the keys is guarded by its own lock.</summary>
internal sealed class RedisBusiness
{
    private const int HashBytes = 16;

    private readonly string _base;
    private readonly HashSet<RedisLease> _leases = [];
    private TaskCompletionSource _freed = NewSignal();
    private bool _hasUnknownCalls;
    private long? _lastSeen;

    /// <param name="prefix">Of all keys.</param>
    /// <param name="baseAddress">The address of the service.</param>
    /// <param name="businessId">The business.</param>
    /// <param name="share">What this process may do without Redis; null: nothing.</param>
    public RedisBusiness(string prefix, Uri baseAddress, long businessId, LocalShare? share)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{baseAddress.AbsoluteUri}\n{businessId}"));
        // The part in braces decides where a key is on a cluster, and a script may use the keys of one place only.
        _base = $"{prefix}{{{Convert.ToHexStringLower(hash, 0, HashBytes)}}}:";
        Share = share;
        (BusinessKey, PlacesKey) = ($"{_base}business", $"{_base}places");
    }

    public Lock Gate { get; } = new();

    public RedisKey BusinessKey { get; }

    public RedisKey PlacesKey { get; }

    public LocalShare? Share { get; }

    /// <summary>How many calls wait or are under way. Guarded by the lock of the limiter.</summary>
    public int Users { get; set; }

    public long LastUsed { get; set; } = Stopwatch.GetTimestamp();

    /// <summary>Completes when a call of this process ends.</summary>
    public Task Freed
    {
        get
        {
            lock (Gate)
            {
                return _freed.Task;
            }
        }
    }

    public RedisKey[] KeysOf(ChatsOperation operation) =>
        [BusinessKey, PlacesKey, $"{_base}quota:{operation.Id}", $"{_base}unclear:{operation.Id}"];

    /// <summary>Whether its state has to be in Redis, because this process saw it within this time, after which it does not expire yet.</summary>
    public bool WasSeenWithin(TimeSpan time)
    {
        lock (Gate)
        {
            return _lastSeen is { } last && Stopwatch.GetElapsedTime(last) < time;
        }
    }

    public void Seen()
    {
        lock (Gate)
        {
            _lastSeen = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Whether calls were made that Redis does not know of. True once, for the attempt that tells it.</summary>
    public bool TakeUnknownCalls()
    {
        lock (Gate)
        {
            var unknown = _hasUnknownCalls;
            _hasUnknownCalls = false;
            return unknown;
        }
    }

    public void NoteUnknownCall()
    {
        lock (Gate)
        {
            _hasUnknownCalls = true;
        }
    }

    public void Add(RedisLease lease)
    {
        lock (Gate)
        {
            _leases.Add(lease);
        }
    }

    public int Running
    {
        get
        {
            lock (Gate)
            {
                return _leases.Count;
            }
        }
    }

    public void Remove(RedisLease lease)
    {
        lock (Gate)
        {
            _leases.Remove(lease);
        }
    }

    /// <summary>Wakes who waits for a place.</summary>
    public void SignalFreed()
    {
        TaskCompletionSource freed;
        lock (Gate)
        {
            freed = _freed;
            _freed = NewSignal();
        }

        freed.SetResult();
    }

    /// <summary>The members whose places were not renewed for so long; from now on they count as renewed.</summary>
    public IReadOnlyList<RedisValue> TakeDue(TimeSpan age)
    {
        lock (Gate)
        {
            List<RedisValue> due = [];
            foreach (var lease in _leases)
            {
                if (Stopwatch.GetElapsedTime(lease.RenewedAt) >= age)
                {
                    lease.RenewedAt = Stopwatch.GetTimestamp();
                    due.Add(lease.Member);
                }
            }

            return due;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
