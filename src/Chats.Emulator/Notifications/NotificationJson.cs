using System.Globalization;
using System.Text.Json;

namespace YandexMarket.Chats.Emulator;

/// <summary>The bodies of the notifications.</summary>
internal static class NotificationJson
{
    public const string MessageSent = "CHAT_MESSAGE_SENT";
    public const string ChatCreated = "CHAT_CREATED";
    public const string ArbitrageStarted = "CHAT_ARBITRAGE_STARTED";
    public const string ArbitrageFinished = "CHAT_ARBITRAGE_FINISHED";
    public const string Ping = "PING";

    public static byte[] WriteMessageSent(EmulatedMessage message) => Write(json =>
    {
        json.WriteString("notificationType"u8, MessageSent);
        json.WriteNumber("businessId"u8, message.Chat.Business.Id);
        json.WriteNumber("chatId"u8, message.Chat.Id);

        // A string here, a number in the answer to GET: so the vendor has it.
        json.WriteString("messageId"u8, message.Id.ToString(CultureInfo.InvariantCulture));
        json.WriteString("sentAt"u8, Iso(message.CreatedAt));
    });

    /// <summary>A notification of a chat, with the name that its time has.</summary>
    public static byte[] WriteChat(string type, EmulatedChat chat, DateTimeOffset time) => Write(json =>
    {
        json.WriteString("notificationType"u8, type);
        json.WriteNumber("businessId"u8, chat.Business.Id);
        json.WriteNumber("chatId"u8, chat.Id);
        json.WriteString(type switch { ChatCreated => "createdAt"u8, ArbitrageStarted => "startedAt"u8, _ => "finishedAt"u8 }, Iso(time));
    });

    public static byte[] WritePing(DateTimeOffset time) => Write(json =>
    {
        json.WriteString("notificationType"u8, Ping);
        json.WriteString("time"u8, Iso(time));
    });

    private static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
