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

/// <summary>Wakes the worker when this process stored a message or finished handling one.</summary>
internal sealed class WorkSignal
{
    private TaskCompletionSource _next = NewSignal();

    /// <summary>Completes with the next signal. Read it before you look for work, so that no signal is missed.</summary>
    public Task Raised => Volatile.Read(ref _next).Task;

    public void Raise() => Interlocked.Exchange(ref _next, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
