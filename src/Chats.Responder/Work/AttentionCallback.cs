using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Work;

/// <summary>Calls the application when a message starts to need a human.</summary>
internal sealed class AttentionCallback(ChatsResponderOptions options, TimeProvider clock, ResponderLog log)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);

    public async Task CallAsync(MessageRow row, string reason, bool mayHaveBeenSent, CancellationToken cancellationToken)
    {
        log.NeedsAttention(row.BusinessId, row.ChatId, row.MessageId, reason);
        if (options.AttentionNeeded is not { } callback)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(_timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await callback(MessageStore.ToItem(row, mayHaveBeenSent, reason, clock.GetUtcNow()), either.Token)
                .WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            log.CallbackFailed(failure.GetType().Name);
        }
    }
}
