using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace YandexMarket.Chats.Redis;

/// <summary>This process's state of one business at one service.</summary>
internal sealed class RedisBusiness
{
    private const int HashBytes = 16;

    private readonly string _base;
    private readonly HashSet<RedisLease> _leases = [];
    private readonly HashSet<ChatsOperation> _unknown = [];
    private readonly Dictionary<ChatsOperation, (TimeSpan Wait, long Since)> _waits = [];
    private TaskCompletionSource _released = NewSignal();
    private long _lastSeen;
    private long _lastUsed;

    public RedisBusiness(string prefix, Uri baseAddress, long businessId, LocalShare? share)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{baseAddress.AbsoluteUri}\n{businessId}"));
        // The part in braces decides on which node of a cluster a key is; all keys of a script must be on one.
        _base = $"{prefix}{{{Convert.ToHexStringLower(hash, 0, HashBytes)}}}:";
        Share = share;
        (BusinessKey, PermitsKey) = ($"{_base}business", $"{_base}permits");
    }

    /// <summary>Guards the leases, the unknown calls and the waits.</summary>
    public Lock Gate { get; } = new();

    public RedisKey BusinessKey { get; }

    public RedisKey PermitsKey { get; }

    /// <summary>The share of this process without Redis; null if it may make no calls then.</summary>
    public LocalShare? Share { get; }

    /// <summary>Completes when a call of this process ends.</summary>
    public Task Released => Volatile.Read(ref _released).Task;

    /// <summary>The members of this process' calls in progress.</summary>
    public IReadOnlyList<RedisValue> Members
    {
        get
        {
            lock (Gate)
            {
                return [.. _leases.Select(lease => (RedisValue)lease.Member)];
            }
        }
    }

    public RedisKey[] KeysOf(ChatsOperation operation) =>
        [BusinessKey, PermitsKey, $"{_base}quota:{operation.Id}", $"{_base}unclear:{operation.Id}"];

    /// <summary>Whether it has not been used for this long and has no calls in progress.</summary>
    public bool IsUnusedFor(TimeSpan time) => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastUsed)) > time && Members.Count == 0;

    public void Used() => Volatile.Write(ref _lastUsed, Stopwatch.GetTimestamp());

    /// <summary>Whether this process has seen the state in Redis within this time, so that it cannot have expired since.</summary>
    public bool WasSeenWithin(TimeSpan time) => Volatile.Read(ref _lastSeen) is > 0 and var last && Stopwatch.GetElapsedTime(last) < time;

    public void Seen() => Volatile.Write(ref _lastSeen, Stopwatch.GetTimestamp());

    /// <summary>Whether calls of the operation were made that Redis does not know of. True only once, for the attempt that reports them.</summary>
    public bool TakeUnknownCalls(ChatsOperation operation)
    {
        lock (Gate)
        {
            return _unknown.Remove(operation);
        }
    }

    public void NoteUnknownCall(ChatsOperation operation)
    {
        lock (Gate)
        {
            _unknown.Add(operation);
        }
    }

    /// <summary>For how long the attempt whose turn it is still has to wait; null if that is unknown, or if there is none.</summary>
    public TimeSpan? WaitOf(ChatsOperation operation)
    {
        lock (Gate)
        {
            return _waits.TryGetValue(operation, out var known) ? known.Wait - Stopwatch.GetElapsedTime(known.Since) : null;
        }
    }

    public void SetWait(ChatsOperation operation, TimeSpan? wait)
    {
        lock (Gate)
        {
            if (wait is { } known)
            {
                _waits[operation] = (known, Stopwatch.GetTimestamp());
            }
            else
            {
                _waits.Remove(operation);
            }
        }
    }

    public RedisLease Add(RedisLease lease)
    {
        lock (Gate)
        {
            _leases.Add(lease);
            return lease;
        }
    }

    public void Remove(RedisLease lease)
    {
        lock (Gate)
        {
            _leases.Remove(lease);
        }
    }

    /// <summary>Wakes the calls that wait for a permit.</summary>
    public void SignalReleased() => Interlocked.Exchange(ref _released, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
