using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Responder.Work;

/// <summary>Calls the application when a message starts to need a human, without delaying the worker.</summary>
internal sealed class AttentionCallback(IOptions<ChatsResponderOptions> options, TimeProvider clock, ResponderLog log)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);
    private readonly List<Task> _calls = [];

    /// <param name="item">The message.</param>
    /// <param name="forcedStop">Canceled when calls in progress must end.</param>
    public void Start(ChatsAttentionItem item, CancellationToken forcedStop)
    {
        log.NeedsAttention(item.BusinessId, item.ChatId, item.MessageId, item.Reason);
        if (options.Value.AttentionNeeded is { } callback)
        {
            lock (_calls)
            {
                _calls.RemoveAll(call => call.IsCompleted);
                _calls.Add(CallAsync(callback, item, forcedStop));
            }
        }
    }

    /// <summary>Waits for the calls in progress.</summary>
    public Task EndAsync()
    {
        lock (_calls)
        {
            return Task.WhenAll(_calls);
        }
    }

    private async Task CallAsync(Func<ChatsAttentionItem, CancellationToken, Task> callback, ChatsAttentionItem item, CancellationToken forcedStop)
    {
        using var timeout = new CancellationTokenSource(_timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, forcedStop);
        var token = either.Token;
        try
        {
            // On another thread, so that a callback that blocks its own delays nothing; and in any case, even if a busy machine starts it late.
            await Task.Run(() => callback(item, token), CancellationToken.None).WaitAsync(token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            log.CallbackFailed(ResponderLog.Trace(failure));
        }
    }
}
