using Newtonsoft.Json;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>Reads the body of a notification.</summary>
internal static class NotificationReader
{
    /// <summary>Reads a notification. If the body is none, returns null and the reason, which quotes nothing of the body.</summary>
    public static ReceivedNotification? TryRead(byte[] utf8, int length, out string? malformed)
    {
        if (JsonText.TryRead(utf8, length, Notification.Read, out malformed) is not { NotificationType: var type })
        {
            return null;
        }

        return type switch
        {
            NotificationType.ChatCreated => Read(ChatCreatedNotification.Read, ReceivedNotification.Of, out malformed),
            NotificationType.ChatMessageSent => Read(ChatMessageSentNotification.Read, ReceivedNotification.Of, out malformed),
            NotificationType.ChatArbitrageStarted => Read(ChatArbitrageStartedNotification.Read, ReceivedNotification.Of, out malformed),
            NotificationType.ChatArbitrageFinished => Read(ChatArbitrageFinishedNotification.Read, ReceivedNotification.Of, out malformed),
            _ => ReceivedNotification.Without(type),
        };

        ReceivedNotification? Read<T>(Func<JsonTextReader, T> read, Func<T, ReceivedNotification> received, out string? malformed)
            where T : class =>
            JsonText.TryRead(utf8, length, read, out malformed) is { } notification ? received(notification) : null;
    }
}
