using YandexMarket.Chats.AspNetCore;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Work;

/// <summary>Stores each message before its notification gets a 200. If the database throws, it gets a 500, and the service retries.</summary>
internal sealed class NotificationStore(MessageStore store, WorkSignal signal) : IChatsNotificationHandler
{
    public async Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken)
    {
        if (await store.StoreAsync(notification.BusinessId, notification.ChatId, notification.MessageId, cancellationToken).ConfigureAwait(false))
        {
            signal.Raise();
        }
    }
}
