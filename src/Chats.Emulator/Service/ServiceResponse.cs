using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace YandexMarket.Chats.Emulator;

/// <summary>The service's response to a call, before it is sent.</summary>
internal sealed record ServiceResponse(int Status, ReadOnlyMemory<byte> Body)
{
    // The members are in the order of the vendor's pages. Letters are not escaped, because the responses are never read as HTML.
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static ServiceResponse Ok { get; } = new(200, """{"status":"OK"}"""u8.ToArray());

    public string ContentType { get; init; } = "application/json";

    public string? ErrorCode { get; init; }

    /// <summary>The message in the emulator's record, which does not quote the caller.</summary>
    public string? ErrorMessage { get; init; }

    public EmulatedMessage? Delivered { get; init; }

    public static ServiceResponse Error(int status, string code, string message) =>
        Of(status, new { Status = "ERROR", Errors = new[] { new { code, message } } }) with { ErrorCode = code, ErrorMessage = message };

    public static ServiceResponse Of(EmulatedMessage message, bool trimmed) => Of(200, new
    {
        Status = "OK",
        Result = new
        {
            MessageId = message.Id,
            message.CreatedAt,
            message.Sender,
            Message = trimmed ? message.Text?.Trim() : message.Text,
            Payload = message.Attachments.Count == 0 ? null : message.Attachments,
        },
    });

    private static ServiceResponse Of(int status, object body) => new(status, JsonSerializer.SerializeToUtf8Bytes(body, _json));
}
