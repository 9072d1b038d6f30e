using System.Globalization;
using StackExchange.Redis;
using YandexMarket.Chats.Hosting;

namespace YandexMarket.Chats.Redis;

/// <summary>What is asked of Redis for a call, and what happens if it does not respond.</summary>
internal sealed partial class RedisLimiter
{
    /// <summary>The mark outlives every state, so that its absence is a loss.</summary>
    private static readonly TimeSpan _epochExpiry = TimeSpan.FromDays(30);

    private readonly record struct Reply(RedisLease? Lease, TimeSpan? Wait, string? Reason);

    private async Task<Reply> AskAsync(RedisBusiness business, ChatsCall call, CancellationToken cancellationToken)
    {
        if (!_store.MayAsk())
        {
            return WithoutRedis(business, call);
        }

        var hasUnknownCalls = business.TakeUnknownCalls();
        if (hasUnknownCalls)
        {
            // Calls that Redis does not know take their places first.
            Renew(business, TimeSpan.Zero);
        }

        var member = $"{call.Operation.Id}|{Guid.NewGuid():N}";
        var knowledge = business.WasSeenWithin(_times.Window) ? "known" : "ask";
        long[]? reply = null;
        try
        {
            var first = await AcquireAsync(business, call, member, knowledge, hasUnknownCalls, cancellationToken).ConfigureAwait(false);
            reply = first is not [-1] ? first
                : await EpochAsync(cancellationToken).ConfigureAwait(false) is { } age
                    ? await AcquireAsync(
                        business, call, member, age >= _options.LeaseDuration ? "new" : "lost", hasUnknownCalls, cancellationToken).ConfigureAwait(false)
                    : null;
        }
        finally
        {
            // Redis is away, or the call was canceled: the next attempt tells it.
            if (reply is null && hasUnknownCalls)
            {
                business.NoteUnknownCall();
            }
        }

        if (reply is null)
        {
            return WithoutRedis(business, call);
        }

        business.Seen();
        if (reply[0] == 0)
        {
            return new Reply(null, reply[1] < 0 ? null : TimeSpan.FromMilliseconds(reply[1]), null);
        }

        business.Share?.Granted(call.Operation, (int)reply[3]);
        return new Reply(Add(new RedisLease(this, business, call, member, reply[1], reply[2])), null, null);
    }

    private Reply WithoutRedis(RedisBusiness business, ChatsCall call)
    {
        if (business.Share is not { } share)
        {
            return new Reply(null, RedisStore.BetweenTries, Unavailable);
        }

        // Counted and added in one step: another call must not be counted in between.
        lock (business.Gate)
        {
            if (!share.TryTake(call.Operation, business.Running, out var wait))
            {
                return new Reply(null, wait, null);
            }

            business.NoteUnknownCall();
            return new Reply(Add(new RedisLease(this, business, call, $"{call.Operation.Id}|{Guid.NewGuid():N}", grantedAt: 0, windowEnds: 0)), null, null);
        }
    }

    private static RedisLease Add(RedisLease lease)
    {
        lease.Business.Add(lease);
        return lease;
    }

    private async Task<long[]?> AcquireAsync(
        RedisBusiness business, ChatsCall call, string member, string knowledge, bool hasUnknownCalls, CancellationToken cancellationToken)
    {
        var result = await _store.EvaluateAsync(
            RedisScripts.Acquire,
            business.KeysOf(call.Operation),
            [.. Common(call.Operation, member), knowledge, AtOnce, hasUnknownCalls ? "1" : "0"],
            late: reply =>
            {
                // Nobody waits for this place any more, and nothing was sent.
                if ((long[]?)reply is [1, ..])
                {
                    Settle(business, call, member, "unsent", 0, 0, response: null);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return (long[]?)result;
    }

    private async Task<TimeSpan?> EpochAsync(CancellationToken cancellationToken)
    {
        var result = await _store.EvaluateAsync(
            RedisScripts.Epoch, [_options.KeyPrefix + "epoch"], [Milliseconds(_epochExpiry)], late: null, cancellationToken).ConfigureAwait(false);
        return result is null ? null : TimeSpan.FromMilliseconds((long)result);
    }

    private void Settle(
        RedisBusiness business, ChatsCall call, string member, string outcome, long grantedAt, long windowEnds, ChatsResponseInfo? response)
    {
        var quota = response?.RateLimit;
        RedisValue[] arguments =
        [
            .. Common(call.Operation, member), outcome, grantedAt, windowEnds,
            Text(response?.StatusCode), response is { StatusCode: 420 or 429, Limit: ChatsLimitKind.Hourly } ? "1" : "0",
            Text(quota?.Limit), Text(quota?.Remaining), Text(quota?.ResetsAt?.ToUnixTimeMilliseconds()), Text(response?.Date?.ToUnixTimeMilliseconds()),
        ];
        // If it is lost, the lease expires, and the call counts as one of unclear outcome.
        _ = _store.EvaluateAsync(RedisScripts.Settle, business.KeysOf(call.Operation), arguments, late: null, CancellationToken.None);
    }

    private RedisValue[] Common(ChatsOperation operation, string member) =>
    [
        operation.Id, member, Milliseconds(_times.Window), Milliseconds(_times.OnItsWay), Milliseconds(_options.LeaseDuration),
        Milliseconds(_times.BetweenProbes), operation.QuotaPerHour,
    ];

    private static RedisValue Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
