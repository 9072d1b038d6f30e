using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Emulator;

/// <summary>A notification: its type, its subject, and its body.</summary>
internal sealed record Notification(string Type, EmulatedChat? Chat, EmulatedMessage? Message, byte[] Body)
{
    public static Notification MessageSent(EmulatedMessage message) =>
        Of("CHAT_MESSAGE_SENT", message.Chat, message, "sentAt", message.CreatedAt);

    public static Notification ChatCreated(EmulatedChat chat, DateTimeOffset time) => Of("CHAT_CREATED", chat, null, "createdAt", time);

    public static Notification ArbitrageStarted(EmulatedChat chat, DateTimeOffset time) =>
        Of("CHAT_ARBITRAGE_STARTED", chat, null, "startedAt", time);

    public static Notification ArbitrageFinished(EmulatedChat chat, DateTimeOffset time) =>
        Of("CHAT_ARBITRAGE_FINISHED", chat, null, "finishedAt", time);

    public static Notification Ping(DateTimeOffset time) => Of("PING", null, null, "time", time);

    private static Notification Of(string type, EmulatedChat? chat, EmulatedMessage? message, string timeName, DateTimeOffset time)
    {
        var body = new JsonObject { ["notificationType"] = type };
        if (chat is not null)
        {
            body["businessId"] = chat.Business.Id;
            body["chatId"] = chat.Id;
        }

        if (message is not null)
        {
            // A string here, a number in the response to a read, as the vendor documents it.
            body["messageId"] = message.Id.ToString(CultureInfo.InvariantCulture);
        }

        body[timeName] = time.UtcDateTime;
        return new(type, chat, message, JsonSerializer.SerializeToUtf8Bytes(body));
    }
}
