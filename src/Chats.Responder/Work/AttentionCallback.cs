using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Work;

/// <summary>Calls the application when a message starts to need a human.</summary>
internal sealed class AttentionCallback(ChatsResponderOptions options, TimeProvider clock, ResponderLog log)
{
    public async Task CallAsync(MessageRow row, string reason, bool mayHaveBeenSent)
    {
        log.NeedsAttention(row.BusinessId, row.ChatId, row.MessageId, reason);
        if (options.AttentionNeeded is not { } callback)
        {
            return;
        }

        try
        {
            await callback(MessageStore.ToItem(row, mayHaveBeenSent, reason, clock.GetUtcNow()), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            log.CallbackFailed(failure.GetType().Name);
        }
    }
}
