namespace YandexMarket.Chats.AspNetCore;

/// <summary>What makes two notifications the same event.</summary>
internal readonly record struct NotificationKey(NotificationType Type, long BusinessId, long ChatId, long Detail);

/// <summary>A notification that was read, and what to do with it; nothing if it is none of a chat.</summary>
internal sealed record ReceivedNotification(
    NotificationType Type, NotificationKey Key, Func<IChatsNotificationHandler, CancellationToken, Task>? Handle)
{
    public static ReceivedNotification Without(NotificationType type) => new(type, default, null);

    public static ReceivedNotification Of(ChatCreatedNotification it) =>
        Of(NotificationType.ChatCreated, it.BusinessId, it.ChatId, it.CreatedAt.UtcTicks, (handler, token) => handler.OnChatCreatedAsync(it, token));

    public static ReceivedNotification Of(ChatMessageSentNotification it) =>
        Of(NotificationType.ChatMessageSent, it.BusinessId, it.ChatId, it.MessageId, (handler, token) => handler.OnChatMessageSentAsync(it, token));

    public static ReceivedNotification Of(ChatArbitrageStartedNotification it) =>
        Of(NotificationType.ChatArbitrageStarted, it.BusinessId, it.ChatId, it.StartedAt.UtcTicks, (handler, token) => handler.OnChatArbitrageStartedAsync(it, token));

    public static ReceivedNotification Of(ChatArbitrageFinishedNotification it) =>
        Of(NotificationType.ChatArbitrageFinished, it.BusinessId, it.ChatId, it.FinishedAt.UtcTicks, (handler, token) => handler.OnChatArbitrageFinishedAsync(it, token));

    private static ReceivedNotification Of(
        NotificationType type, long businessId, long chatId, long detail, Func<IChatsNotificationHandler, CancellationToken, Task> handle) =>
        new(type, new NotificationKey(type, businessId, chatId, detail), handle);
}
