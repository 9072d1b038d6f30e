using System.Buffers.Binary;
using System.Security.Cryptography;
using Newtonsoft.Json;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>Identifies an event: two notifications with the same key are duplicates.</summary>
internal readonly record struct NotificationKey(NotificationType Type, long BusinessId, long ChatId, long Detail);

/// <summary>A notification that was read, and how to handle it; <see cref="Handle"/> is null if it is not about a chat.</summary>
internal sealed record ReceivedNotification(NotificationKey Key, Func<IChatsNotificationHandler, CancellationToken, Task>? Handle)
{
    /// <summary>Reads a notification. If the body is malformed, returns null and the reason, which quotes nothing of the body, and the type, if the body
    /// names one.</summary>
    public static ReceivedNotification? TryRead(byte[] utf8, int length, out NotificationType? type, out string? malformed)
    {
        type = JsonText.TryRead(utf8, length, Notification.Read, out malformed)?.NotificationType;
        if (type is not { } known)
        {
            return null;
        }

        return known switch
        {
            NotificationType.ChatCreated => Read(ChatCreatedNotification.Read, out malformed, it =>
                Of(it.BusinessId, it.ChatId, DetailOf(it.CreatedAt), (handler, token) => handler.OnChatCreatedAsync(it, token))),
            NotificationType.ChatMessageSent => Read(ChatMessageSentNotification.Read, out malformed, it =>
                Of(it.BusinessId, it.ChatId, it.MessageId, (handler, token) => handler.OnChatMessageSentAsync(it, token))),
            NotificationType.ChatArbitrageStarted => Read(ChatArbitrageStartedNotification.Read, out malformed, it =>
                Of(it.BusinessId, it.ChatId, DetailOf(it.StartedAt), (handler, token) => handler.OnChatArbitrageStartedAsync(it, token))),
            NotificationType.ChatArbitrageFinished => Read(ChatArbitrageFinishedNotification.Read, out malformed, it =>
                Of(it.BusinessId, it.ChatId, DetailOf(it.FinishedAt), (handler, token) => handler.OnChatArbitrageFinishedAsync(it, token))),
            _ => new ReceivedNotification(new NotificationKey(known, 0, 0, 0), null),
        };

        // Without a readable time, only the same body is a duplicate.
        long DetailOf(DateTimeOffset? time) => time?.UtcTicks ?? BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(utf8.AsSpan(0, length)));

        ReceivedNotification Of(long businessId, long chatId, long detail, Func<IChatsNotificationHandler, CancellationToken, Task> handle) =>
            new(new NotificationKey(known, businessId, chatId, detail), handle);

        ReceivedNotification? Read<T>(Func<JsonTextReader, T> read, out string? malformed, Func<T, ReceivedNotification> received)
            where T : class =>
            JsonText.TryRead(utf8, length, read, out malformed) is { } notification ? received(notification) : null;
    }
}
