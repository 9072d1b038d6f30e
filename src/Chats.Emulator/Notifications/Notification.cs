using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Emulator;

/// <summary>A notification. The name of its time depends on its type.</summary>
internal sealed record Notification(string Type, string TimeName, DateTimeOffset Time, EmulatedChat? Chat = null, EmulatedMessage? Message = null)
{
    public static Notification Of(EmulatedMessage message) => new("CHAT_MESSAGE_SENT", "sentAt", message.CreatedAt, message.Chat, message);

    public byte[] ToBody()
    {
        var body = new JsonObject { ["notificationType"] = Type };
        if (Chat is not null)
        {
            body["businessId"] = Chat.Business.Id;
            body["chatId"] = Chat.Id;
        }

        if (Message is not null)
        {
            // A string here, a number in the response to a read, as the vendor documents.
            body["messageId"] = Message.Id.ToString(CultureInfo.InvariantCulture);
        }

        body[TimeName] = Time.UtcDateTime;
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }
}
