using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace YandexMarket.Chats.Emulator;

/// <summary>What the inbox answers to one request of the page.</summary>
internal sealed record InboxResponse(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    private const string Json = "application/json";

    public static InboxResponse Done { get; } = new(StatusCodes.Status200OK, Json, "{}"u8.ToArray());

    public static InboxResponse Error(int status, string reason) => Of(status, json => json.WriteString("error"u8, reason));

    public static InboxResponse Of(int status, Action<Utf8JsonWriter> members)
    {
        // The writer's default escaping: even read as HTML by mistake, the text of a buyer would stay text.
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return new InboxResponse(status, Json, buffer.WrittenMemory);
    }
}
