using System.Text.Json.Serialization;
using Newtonsoft.Json.Converters;

namespace YandexMarket.Chats.Benchmarks.Peers;

// The models that somebody writes by hand, for System.Text.Json, Newtonsoft.Json and RestSharp alike.
internal class ResponseDto
{
    public string? Status { get; set; }
}

internal sealed class MessageResponseDto : ResponseDto
{
    public MessageDto? Result { get; set; }
}

internal sealed class ErrorResponseDto : ResponseDto
{
    public List<ErrorDto>? Errors { get; set; }
}

internal sealed class ErrorDto
{
    public string Code { get; set; } = "";

    public string? Message { get; set; }
}

internal sealed class MessageDto
{
    public long MessageId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public SenderDto Sender { get; set; }

    public string? Message { get; set; }

    public List<FileDto>? Payload { get; set; }

    public override string ToString() =>
        Description.Message(MessageId, CreatedAt, Sender, Message, (Payload ?? []).Select(file => (file.Name, file.Url, file.Size)));
}

internal sealed class FileDto
{
    public string Name { get; set; } = "";

    public string Url { get; set; } = "";

    public int Size { get; set; }
}

[JsonConverter(typeof(JsonStringEnumConverter<SenderDto>))]
[Newtonsoft.Json.JsonConverter(typeof(StringEnumConverter))]
internal enum SenderDto
{
    Partner,
    Customer,
    Market,
    Support,
}

internal sealed class TextDto
{
    // Newtonsoft.Json writes names as they are; the others are set to camelCase.
    [Newtonsoft.Json.JsonProperty("message")]
    public required string Message { get; set; }
}

internal sealed class DtoException(int status, ErrorResponseDto? body) : Exception($"The service responded with {status}.")
{
    public override string ToString() => Description.Error(status, (body?.Errors ?? []).Select(error => (error.Code, error.Message)));
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ResponseDto))]
[JsonSerializable(typeof(MessageResponseDto))]
[JsonSerializable(typeof(ErrorResponseDto))]
[JsonSerializable(typeof(TextDto))]
internal sealed partial class DtoContext : JsonSerializerContext;
