using StackExchange.Redis;
using YandexMarket.Chats.AspNetCore;

namespace YandexMarket.Chats.Redis;

/// <summary>The notifications that any machine has handled or is handling.</summary>
internal sealed class RedisDuplicates(RedisStore store, ChatsRedisOptions options) : IChatsNotificationDuplicates, IAsyncDisposable, IDisposable
{
    /// <summary>After this time, a notification whose process died can be handled again; the service sends it again each minute.</summary>
    private static readonly TimeSpan _lease = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);

    private readonly string _process = Guid.NewGuid().ToString("N");

    public async Task<bool> TryStartAsync(string notification, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = store.CanTry()
                ? await store.EvaluateAsync(
                    RedisScripts.Start, KeysOf(notification), [_process, (long)_lease.TotalMilliseconds],
                    late: reply => ForgetUnlessHandledLocally(notification, reply, cancellationToken), cancellationToken).ConfigureAwait(false)
                : null;
            if (result is null)
            {
                return options.WhenUnavailable == ChatsRedisFallback.Local
                    ? true
                    : throw new InvalidOperationException("Redis, which stores the handled notifications, is unavailable.");
            }

            if ((int)result < 2)
            {
                return (int)result == 1;
            }

            // Another process is handling it; the outcome decides whether this one is a duplicate.
            await Task.Delay(_poll, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task EndAsync(string notification, bool handled)
    {
        // It was handled, even if Redis does not learn of it: so the wait is bounded, and a failure is ignored.
        _ = await store.EvaluateAsync(
            RedisScripts.Finish, KeysOf(notification), [_process, handled ? (long)options.DuplicateWindow.TotalMilliseconds : 0],
            late: null, CancellationToken.None).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private RedisKey[] KeysOf(string notification) => [$"{options.KeyPrefix}notification:{notification}"];

    private void ForgetUnlessHandledLocally(string notification, RedisResult? reply, CancellationToken cancellationToken)
    {
        // Redis may have stored the start before the command failed. With the policy Local it is being handled meanwhile, unless the start was
        // canceled, and EndAsync follows.
        if ((reply is null || (int)reply == 1) && (options.WhenUnavailable == ChatsRedisFallback.Reject || cancellationToken.IsCancellationRequested))
        {
            _ = EndAsync(notification, handled: false);
        }
    }
}
