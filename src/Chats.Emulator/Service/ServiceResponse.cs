using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace YandexMarket.Chats.Emulator;

/// <summary>The service's response to a call, or what a fault puts in its place, before it is sent.</summary>
internal sealed record ServiceResponse(int Status, string Body, string ContentType = "application/json")
{
    // The members are in the order of the vendor's pages. Letters are not escaped, because the responses are never read as HTML.
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static ServiceResponse Ok { get; } = new(200, """{"status":"OK"}""");

    public string? ErrorCode { get; init; }

    /// <summary>The message in the emulator's record, which does not quote the caller.</summary>
    public string? ErrorMessage { get; init; }

    public EmulatedMessage? Delivered { get; init; }

    /// <summary>
    /// The codes UNAUTHORIZED, BAD_REQUEST, FORBIDDEN, NOT_FOUND and OTHER were seen; those of 405, 415, 500 and 503 follow their pattern;
    /// that of a 420 is not known, hence OTHER.
    /// </summary>
    public static ServiceResponse Error(int status, string message)
    {
        var code = status switch
        {
            400 => "BAD_REQUEST",
            401 => "UNAUTHORIZED",
            403 => "FORBIDDEN",
            404 => "NOT_FOUND",
            405 => "METHOD_NOT_ALLOWED",
            415 => "UNSUPPORTED_MEDIA_TYPE",
            500 => "INTERNAL_SERVER_ERROR",
            503 => "SERVICE_UNAVAILABLE",
            _ => "OTHER",
        };
        return Of(status, new { Status = "ERROR", Errors = new[] { new { code, message } } }) with { ErrorCode = code, ErrorMessage = message };
    }

    public static ServiceResponse Of(RefusalException refusal) =>
        Error(refusal.StatusCode, refusal.Message) with { ErrorMessage = refusal.Recorded };

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

    private static ServiceResponse Of(int status, object body) => new(status, JsonSerializer.Serialize(body, _json));
}
