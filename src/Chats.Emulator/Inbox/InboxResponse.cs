using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace YandexMarket.Chats.Emulator;

/// <summary>The response to one request of the page.</summary>
internal sealed record InboxResponse(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    // The default escaping: even read as HTML by mistake, the text of a buyer would stay text.
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static InboxResponse Done { get; } = Of(StatusCodes.Status200OK, new { });

    public static InboxResponse Error(int status, string reason) => Of(status, new { Error = reason });

    public static InboxResponse Of(int status, object content) => new(status, "application/json", JsonSerializer.SerializeToUtf8Bytes(content, _json));
}
