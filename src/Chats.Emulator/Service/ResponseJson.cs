using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace YandexMarket.Chats.Emulator;

/// <summary>Writes the bodies of the responses, in the member order of the method pages.</summary>
internal static class ResponseJson
{
    // Letters go out as they are, not as \u escapes: the responses are read as JSON only, never inside HTML.
    private static readonly JsonWriterOptions _options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static byte[] Write(Refusal refusal) => Write(static (json, refusal) =>
    {
        json.WriteString("status"u8, "ERROR"u8);
        json.WriteStartArray("errors"u8);
        json.WriteStartObject();
        json.WriteString("code"u8, refusal.Code);
        json.WriteString("message"u8, refusal.Message);
        json.WriteEndObject();
        json.WriteEndArray();
    }, refusal);

    public static byte[] Write(EmulatedMessage message, bool trimmed) => Write(static (json, it) =>
    {
        json.WriteString("status"u8, "OK"u8);
        json.WriteStartObject("result"u8);
        WriteMessage(json, it.Message, it.Trimmed);
        json.WriteEndObject();
    }, (Message: message, Trimmed: trimmed));

    private static void WriteMessage(Utf8JsonWriter json, EmulatedMessage message, bool trimmed)
    {
        json.WriteNumber("messageId"u8, message.Id);
        json.WriteString("createdAt"u8, message.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture));
        json.WriteString("sender"u8, message.Sender.Value);
        if (message.Text is { } text)
        {
            json.WriteString("message"u8, trimmed ? text.AsSpan().Trim() : text);
        }

        if (message.Attachments.Count == 0)
        {
            return;
        }

        json.WriteStartArray("payload"u8);
        foreach (var attachment in message.Attachments)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, attachment.Name);
            json.WriteString("url"u8, attachment.Url);
            json.WriteNumber("size"u8, attachment.Size);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static byte[] Write<T>(Action<Utf8JsonWriter, T> members, T value)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        var json = _writer ??= new Utf8JsonWriter(buffer, _options);
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        members(json, value);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
