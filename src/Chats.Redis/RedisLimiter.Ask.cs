using System.Globalization;
using System.Threading.RateLimiting;
using StackExchange.Redis;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.Redis;

/// <summary>The requests to Redis, and what happens if it does not respond.</summary>
internal sealed partial class RedisLimiter
{
    /// <summary>The epoch's key outlives all other keys, so its absence means that Redis has lost its data.</summary>
    private static readonly TimeSpan _epochExpiry = TimeSpan.FromDays(30);

    private async Task<RateLimitLease> AskAsync(RedisBusiness business, ChatsCall call, CancellationToken cancellationToken)
    {
        var member = $"{call.Operation.Id}|{Guid.NewGuid():N}";
        if (!_store.CanTry())
        {
            return WithoutRedis(business, call, member);
        }

        var hasUnknownCalls = business.UnknownCalls.TryRemove(call.Operation, out _);
        if (hasUnknownCalls)
        {
            // Calls that Redis does not know are added first.
            _ = RenewAsync(business, business.Leases.Keys, addsUnknown: true);
        }

        RedisValue lostFor = business.WasSeenWithin(_times.Window) ? 0 : "ask";
        long[]? reply = null;
        try
        {
            var first = await AcquireAsync(business, call, member, lostFor, hasUnknownCalls, cancellationToken).ConfigureAwait(false);
            reply = first is not [-1] ? first
                : await EpochAsync(cancellationToken).ConfigureAwait(false) is { } age
                    ? await AcquireAsync(business, call, member, lostFor: age, hasUnknownCalls, cancellationToken).ConfigureAwait(false)
                    : null;
        }
        finally
        {
            // Redis is unavailable, or the call was canceled: the next attempt reports them.
            if (reply is null && hasUnknownCalls)
            {
                business.UnknownCalls[call.Operation] = true;
            }
        }

        if (reply is null)
        {
            return WithoutRedis(business, call, member);
        }

        business.Seen();
        if (reply[0] == 0)
        {
            return new FailedLease(reply[1] < 0 ? null : TimeSpan.FromMilliseconds(reply[1]));
        }

        business.Share?.Granted(call.Operation, (int)reply[3], DateTimeOffset.FromUnixTimeMilliseconds(reply[2]));
        return business.Add(new RedisLease(this, business, call, member, reply[1], reply[2]));
    }

    private RateLimitLease WithoutRedis(RedisBusiness business, ChatsCall call, string member)
    {
        if (business.Share is not { } share)
        {
            return new FailedLease(RedisStore.RetryInterval, Unavailable);
        }

        // Counted and added under one lock, so that two calls cannot get the same permit.
        lock (business.Leases)
        {
            if (!share.TryAcquire(call.Operation, business.Leases.Count, out var wait))
            {
                return new FailedLease(wait);
            }

            business.UnknownCalls[call.Operation] = true;
            return business.Add(new RedisLease(this, business, call, member, grantedAt: 0, windowEnds: 0));
        }
    }

    private async Task<long[]?> AcquireAsync(
        RedisBusiness business, ChatsCall call, string member, RedisValue lostFor, bool hasUnknownCalls, CancellationToken cancellationToken)
    {
        var result = await _store.EvaluateAsync(
            RedisScripts.Acquire,
            business.KeysOf(call.Operation),
            [.. Common(call.Operation, member), lostFor, AtOnce, hasUnknownCalls ? "1" : "0"],
            late: reply =>
            {
                // Nobody waits for this permit any more, and nothing was sent. Redis may also have granted it before the command failed.
                if ((long[]?)reply is null or [1, ..])
                {
                    Settle(new RedisLease(this, business, call, member, grantedAt: 0, windowEnds: 0), "unsent");
                }
            },
            cancellationToken).ConfigureAwait(false);
        return (long[]?)result;
    }

    /// <summary>For how many milliseconds Redis has kept its data; null if it is unavailable.</summary>
    private async Task<long?> EpochAsync(CancellationToken cancellationToken)
    {
        var result = await _store.EvaluateAsync(
            RedisScripts.Epoch, [_options.KeyPrefix + "epoch"], [Milliseconds(_epochExpiry)], late: null, cancellationToken).ConfigureAwait(false);
        return (long?)result;
    }

    private void Settle(RedisLease lease, string outcome)
    {
        var (response, quota) = (lease.Response, lease.Response?.RateLimit);
        RedisValue[] arguments =
        [
            .. Common(lease.Call.Operation, lease.Member), outcome, lease.GrantedAt, lease.WindowEnds,
            Text(response?.StatusCode), response is { StatusCode: 420 or 429, Limit: ChatsLimitKind.Hourly } ? "1" : "0",
            Text(quota?.Limit), Text(quota?.Remaining), Text(quota?.ResetsAt?.ToUnixTimeMilliseconds()), Text(response?.Date?.ToUnixTimeMilliseconds()),
        ];
        // If this fails, the lease expires, and the call counts as one with an unclear outcome.
        _ = _store.EvaluateAsync(RedisScripts.Settle, lease.Business.KeysOf(lease.Call.Operation), arguments, late: null, CancellationToken.None);
    }

    private RedisValue[] Common(ChatsOperation operation, string member) =>
    [
        operation.Id, member, Milliseconds(_times.Window), Milliseconds(_times.MaxTransitTime), Milliseconds(_options.LeaseDuration),
        Milliseconds(_times.ProbeInterval), operation.QuotaPerHour,
    ];

    private static RedisValue Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
