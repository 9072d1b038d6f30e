using StackExchange.Redis;
using YandexMarket.Chats.AspNetCore;

namespace YandexMarket.Chats.Redis;

/// <summary>Which notifications any machine has handled, or is handling.</summary>
internal sealed class RedisDuplicates(RedisStore store, ChatsRedisOptions options) : IChatsNotificationDuplicates, IAsyncDisposable
{
    /// <summary>A notification of a process that died can be handled again after it. The service sends it again each minute.</summary>
    private static readonly TimeSpan _lease = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);

    private readonly string _process = Guid.NewGuid().ToString("N");

    public async Task<bool> TryStartAsync(string notification, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = store.MayAsk()
                ? await store.EvaluateAsync(
                    RedisScripts.Start, KeysOf(notification), [_process, (long)_lease.TotalMilliseconds],
                    late: reply => ForgetUnlessWaitedFor(notification, reply), cancellationToken).ConfigureAwait(false)
                : null;
            if (result is null)
            {
                return options.WhenUnavailable == ChatsRedisFallback.Local
                    ? true
                    : throw new InvalidOperationException("Redis, which knows the notifications that were handled, is unavailable.");
            }

            switch ((int)result)
            {
                case 0:
                    return false;
                case 1:
                    return true;
                default:
                    // Another process is at it: its end decides whether this one is a duplicate.
                    await Task.Delay(_poll, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    public async Task EndAsync(string notification, bool handled)
    {
        // A bounded wait, and no failure: that it was handled is true whether or not Redis can be told.
        _ = await store.EvaluateAsync(
            RedisScripts.Finish, KeysOf(notification), [_process, handled ? (long)options.DuplicateWindow.TotalMilliseconds : 0],
            late: null, CancellationToken.None).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private RedisKey[] KeysOf(string notification) => [$"{options.KeyPrefix}notification:{notification}"];

    private void ForgetUnlessWaitedFor(string notification, RedisResult reply)
    {
        // With the local policy it is being handled meanwhile, and its end will say so.
        if ((int)reply == 1 && options.WhenUnavailable == ChatsRedisFallback.Refuse)
        {
            _ = EndAsync(notification, handled: false);
        }
    }
}
