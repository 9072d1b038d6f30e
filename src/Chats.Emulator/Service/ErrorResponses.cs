using static YandexMarket.Chats.Emulator.ServiceResponse;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// All errors of the two operations. The texts are the vendor's where they are documented. The codes UNAUTHORIZED, BAD_REQUEST, FORBIDDEN,
/// NOT_FOUND and OTHER were seen; those of 405, 415, 500 and 503 follow their pattern; that of a 420 is not known, hence OTHER.
/// </summary>
internal static class ErrorResponses
{
    public const int MaxTextLength = 4096;
    public const int MaxBodyBytes = 512 * 1024;

    private const string BadRequest = "BAD_REQUEST";
    private const string Unauthorized = "UNAUTHORIZED";
    private const string Forbidden = "FORBIDDEN";
    private const string NotFound = "NOT_FOUND";
    private const string UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";

    public static ServiceResponse ResourceNotFound { get; } = Error(404, NotFound, "Resource not found");
    public static ServiceResponse NoKey { get; } = Error(401, Unauthorized, "Credentials are not specified");
    public static ServiceResponse KeyPrefix { get; } = Error(401, Unauthorized, "Api-Key token prefix invalid");
    public static ServiceResponse KeyFormat { get; } = Error(401, Unauthorized, "Api-Key token format invalid");
    public static ServiceResponse UnknownKey { get; } = Error(401, Unauthorized, "Api-Key token is invalid");
    public static ServiceResponse RevokedKey { get; } = Error(401, Unauthorized, "Api-Key token is revoked");
    public static ServiceResponse NoScope { get; } = Error(403, Forbidden, "Token does not have any of the scopes to access the API method");
    public static ServiceResponse AccessDenied { get; } = Error(403, Forbidden, "Access denied");
    public static ServiceResponse BodyMissing { get; } = Error(400, BadRequest, "Required request body is missing");
    public static ServiceResponse BodyTooBig { get; } = Error(400, BadRequest, $"The request is too big: more than {MaxBodyBytes} bytes");
    public static ServiceResponse BodyMalformed { get; } = Error(400, BadRequest, "JSON: malformed");
    public static ServiceResponse MessageMissing { get; } = Error(400, BadRequest, "Missing field: 'message'");
    public static ServiceResponse ContentTypeMissing { get; } = Error(415, UnsupportedMediaType, "Missing Content-Type");
    public static ServiceResponse InternalError { get; } = Error(500, "INTERNAL_SERVER_ERROR", "Internal server error");
    public static ServiceResponse Unavailable { get; } = Error(503, "SERVICE_UNAVAILABLE", "Service temporarily unavailable. Please, try again later");
    public static ServiceResponse ErrorWithStatus200 { get; } = Error(200, "OTHER", "Failed");

    public static ServiceResponse ParameterMissing(string name) => Error(400, BadRequest, $"Required request parameter '{name}' is not present");
    public static ServiceResponse TypeMismatch(string name) => Error(400, BadRequest, $"Type mismatch: '{name}'");
    public static ServiceResponse TooSmall(string name) => Error(400, BadRequest, $"'{name}' must be greater than or equal to 1");

    // The service quotes the rejected text, which is why no client may log this message.
    public static ServiceResponse TextSize(string text)
    {
        var rule = $"'message' size must be between '1' and '{MaxTextLength}'";
        return Error(400, BadRequest, $"{rule} (rejected value: {text})") with { ErrorMessage = rule };
    }

    public static ServiceResponse ContentType(string value) => Error(415, UnsupportedMediaType, $"Content type '{value}' not supported");
    public static ServiceResponse Method(string method) => Error(405, "METHOD_NOT_ALLOWED", $"Request method '{method}' not supported");
    public static ServiceResponse ChatNotFound(long chatId) => Error(404, NotFound, $"Can't find chat by id: '{chatId}'");
    public static ServiceResponse MessageNotFound(long messageId, long chatId) =>
        Error(404, NotFound, $"Can't find message by id: '{messageId}' for chat '{chatId}'");
    public static ServiceResponse ParallelLimit(int? limit, long businessId) =>
        Error(420, "OTHER", $"Hit rate limit of '{limit}' parallel requests for businessId '{businessId}'");

    public static ServiceResponse HourlyQuota(int limit, EmulatedOperation operation, long businessId)
    {
        var resource = operation == EmulatedOperation.GetChatMessage ? "getChatMessage" : "sendMessageToChat";
        return Error(420, "OTHER", $"Hit rate limit of '{limit}' requests per '1 HOUR' for resource '{resource}' for businessId '{businessId}'");
    }
}
