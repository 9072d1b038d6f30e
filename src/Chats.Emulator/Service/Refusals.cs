namespace YandexMarket.Chats.Emulator;

/// <summary>
/// All errors of the two operations. The texts are the vendor's where they are documented. The codes UNAUTHORIZED, BAD_REQUEST, FORBIDDEN,
/// NOT_FOUND and OTHER were seen; those of 405, 415, 500 and 503 follow their pattern; that of a 420 is not known, hence OTHER.
/// </summary>
internal static class Refusals
{
    public const int LongestText = 4096;
    public const int LargestBody = 512 * 1024;

    private const string BadRequest = "BAD_REQUEST";
    private const string Unauthorized = "UNAUTHORIZED";
    private const string Forbidden = "FORBIDDEN";
    private const string NotFound = "NOT_FOUND";
    private const string UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";

    public static Refusal ResourceNotFound { get; } = new(404, NotFound, "Resource not found");
    public static Refusal NoKey { get; } = new(401, Unauthorized, "Credentials are not specified");
    public static Refusal KeyPrefix { get; } = new(401, Unauthorized, "Api-Key token prefix invalid");
    public static Refusal KeyFormat { get; } = new(401, Unauthorized, "Api-Key token format invalid");
    public static Refusal UnknownKey { get; } = new(401, Unauthorized, "Api-Key token is invalid");
    public static Refusal RevokedKey { get; } = new(401, Unauthorized, "Api-Key token is revoked");
    public static Refusal NoScope { get; } = new(403, Forbidden, "Token does not have any of the scopes to access the API method");
    public static Refusal AccessDenied { get; } = new(403, Forbidden, "Access denied");
    public static Refusal BodyMissing { get; } = new(400, BadRequest, "Required request body is missing");
    public static Refusal BodyTooBig { get; } = new(400, BadRequest, $"The request is too big: more than {LargestBody} bytes");
    public static Refusal BodyMalformed { get; } = new(400, BadRequest, "JSON: malformed");
    public static Refusal MessageMissing { get; } = new(400, BadRequest, "Missing field: 'message'");
    public static Refusal ContentTypeMissing { get; } = new(415, UnsupportedMediaType, "Missing Content-Type");
    public static Refusal InternalError { get; } = new(500, "INTERNAL_SERVER_ERROR", "Internal server error");
    public static Refusal Unavailable { get; } = new(503, "SERVICE_UNAVAILABLE", "Service temporarily unavailable. Please, try again later");
    public static Refusal ErrorWithStatus200 { get; } = new(200, "OTHER", "Failed");

    public static Refusal ParameterMissing(string name) => new(400, BadRequest, $"Required request parameter '{name}' is not present");
    public static Refusal TypeMismatch(string name) => new(400, BadRequest, $"Type mismatch: '{name}'");
    public static Refusal TooSmall(string name) => new(400, BadRequest, $"'{name}' must be greater than or equal to 1");

    // The service quotes the rejected text, which is why no client may log this message.
    public static Refusal TextSize(string text)
    {
        var rule = $"'message' size must be between '1' and '{LongestText}'";
        return new(400, BadRequest, $"{rule} (rejected value: {text})") { Recorded = rule };
    }

    public static Refusal ContentType(string value) => new(415, UnsupportedMediaType, $"Content type '{value}' not supported");
    public static Refusal Method(string method) => new(405, "METHOD_NOT_ALLOWED", $"Request method '{method}' not supported");
    public static Refusal ChatNotFound(long chatId) => new(404, NotFound, $"Can't find chat by id: '{chatId}'");
    public static Refusal MessageNotFound(long messageId, long chatId) =>
        new(404, NotFound, $"Can't find message by id: '{messageId}' for chat '{chatId}'");
    public static Refusal ParallelLimit(int? limit, long businessId) =>
        new(420, "OTHER", $"Hit rate limit of '{limit}' parallel requests for businessId '{businessId}'");

    public static Refusal HourlyQuota(int limit, EmulatedOperation operation, long businessId)
    {
        var resource = operation == EmulatedOperation.GetChatMessage ? "getChatMessage" : "sendMessageToChat";
        return new(420, "OTHER", $"Hit rate limit of '{limit}' requests per '1 HOUR' for resource '{resource}' for businessId '{businessId}'");
    }
}

/// <summary>An error response. <c>Recorded</c> is the message in the emulator's record, where it must not quote the caller.</summary>
internal sealed record Refusal(int Status, string Code, string Message)
{
    public string Recorded { get; init; } = Message;
}
