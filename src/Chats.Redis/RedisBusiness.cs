using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace YandexMarket.Chats.Redis;

/// <summary>This process's state of one business at one service.</summary>
internal sealed class RedisBusiness(string prefix, Uri baseAddress, long businessId, LocalShare? share)
{
    private const int HashBytes = 16;

    // The part in braces decides on which node of a cluster a key is; all keys of a script must be on one.
    private readonly string _base = $"{prefix}{{{Hash($"{baseAddress.AbsoluteUri}\n{businessId}")}}}:";
    private readonly ConcurrentDictionary<ChatsOperation, (TimeSpan? Wait, long Since)> _waits = new();
    private TaskCompletionSource _released = NewSignal();
    private long _lastSeen;
    private long _lastUsed;

    public RedisKey BusinessKey => $"{_base}business";

    public RedisKey PermitsKey => $"{_base}permits";

    /// <summary>The share of this process without Redis; null if it may make no calls then.</summary>
    public LocalShare? Share => share;

    /// <summary>Completes when a call of this process ends.</summary>
    public Task Released => Volatile.Read(ref _released).Task;

    /// <summary>The calls of this process that are in progress, by their member in Redis.</summary>
    public ConcurrentDictionary<RedisValue, RedisLease> Leases { get; } = new();

    /// <summary>The operations with calls that Redis does not know of; the next attempt of the operation reports them.</summary>
    public ConcurrentDictionary<ChatsOperation, bool> UnknownCalls { get; } = new();

    public RedisKey[] KeysOf(ChatsOperation operation) =>
        [BusinessKey, PermitsKey, $"{_base}quota:{operation.Id}", $"{_base}unclear:{operation.Id}"];

    /// <summary>Whether it has not been used for this long and has no calls in progress.</summary>
    public bool IsUnusedFor(TimeSpan time) => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastUsed)) > time && Leases.IsEmpty;

    public void Used() => Volatile.Write(ref _lastUsed, Stopwatch.GetTimestamp());

    /// <summary>Whether this process has seen the state in Redis within this time, so that it cannot have expired since.</summary>
    public bool WasSeenWithin(TimeSpan time) => Volatile.Read(ref _lastSeen) is > 0 and var last && Stopwatch.GetElapsedTime(last) < time;

    public void Seen() => Volatile.Write(ref _lastSeen, Stopwatch.GetTimestamp());

    /// <summary>For how long the attempt whose turn it is still has to wait; null if that is unknown, or if there is none.</summary>
    public TimeSpan? WaitOf(ChatsOperation operation) =>
        _waits.TryGetValue(operation, out var known) ? known.Wait - Stopwatch.GetElapsedTime(known.Since) : null;

    public void SetWait(ChatsOperation operation, TimeSpan? wait) => _waits[operation] = (wait, Stopwatch.GetTimestamp());

    public RedisLease Add(RedisLease lease) => Leases[lease.Member] = lease;

    /// <summary>Wakes the calls that wait for a permit.</summary>
    public void SignalReleased() => Interlocked.Exchange(ref _released, NewSignal()).SetResult();

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, HashBytes);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
