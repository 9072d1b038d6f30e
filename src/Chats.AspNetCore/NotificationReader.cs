using System.Text;
using Newtonsoft.Json;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>Reads the body of a notification.</summary>
internal static class NotificationReader
{
    /// <summary>Reads a notification. If the body is none, returns null and the reason, which quotes nothing of the body.</summary>
    public static ReceivedNotification? TryRead(byte[] utf8, int length, out string? malformed) =>
        TryReadOnce(utf8, length, out malformed) ?? (LongNumbers.Blank(utf8.AsSpan(0, length)) ? TryReadOnce(utf8, length, out malformed) : null);

    private static ReceivedNotification? TryReadOnce(byte[] utf8, int length, out string? malformed)
    {
        try
        {
            malformed = null;
            var type = Document(utf8, length, Notification.Read).NotificationType;
            return type switch
            {
                NotificationType.ChatCreated => ReceivedNotification.Of(Document(utf8, length, ChatCreatedNotification.Read)),
                NotificationType.ChatMessageSent => ReceivedNotification.Of(Document(utf8, length, ChatMessageSentNotification.Read)),
                NotificationType.ChatArbitrageStarted => ReceivedNotification.Of(Document(utf8, length, ChatArbitrageStartedNotification.Read)),
                NotificationType.ChatArbitrageFinished => ReceivedNotification.Of(Document(utf8, length, ChatArbitrageFinishedNotification.Read)),
                _ => ReceivedNotification.Without(type),
            };
        }
        catch (UnreadableException exception)
        {
            malformed = exception.Message;
        }
        catch (JsonReaderException exception)
        {
            malformed = $"it is not JSON (line {exception.LineNumber}, position {exception.LinePosition})";
        }
        catch (DecoderFallbackException)
        {
            malformed = "it is not UTF-8";
        }

        return null;
    }

    private static T Document<T>(byte[] utf8, int length, Func<JsonTextReader, T> read)
    {
        using var text = new Utf8Reader(utf8, length);
        return JsonRead.Document(text, read);
    }
}
