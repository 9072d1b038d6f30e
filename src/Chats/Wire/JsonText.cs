using System.Text;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>Reads UTF-8 JSON as a model.</summary>
internal static class JsonText
{
    /// <summary>Returns the model, or null and the reason, which does not quote the text.</summary>
    public static T? TryRead<T>(byte[] utf8, int length, Func<JsonTextReader, T> read, out string? unreadable)
        where T : class =>
        TryReadOnce(utf8, length, read, out unreadable) ??
        (LongNumbers.Blank(utf8.AsSpan(0, length)) ? TryReadOnce(utf8, length, read, out unreadable) : null);

    private static T? TryReadOnce<T>(byte[] utf8, int length, Func<JsonTextReader, T> read, out string? unreadable)
        where T : class
    {
        try
        {
            unreadable = null;
            using var text = new Utf8Reader(utf8, length);
            return JsonRead.Document(text, read);
        }
        catch (UnreadableException exception)
        {
            unreadable = exception.Message;
        }
        catch (JsonReaderException exception)
        {
            unreadable = $"it is not JSON (line {exception.LineNumber}, position {exception.LinePosition})";
        }
        catch (DecoderFallbackException)
        {
            unreadable = "it is not UTF-8";
        }

        return null;
    }
}
