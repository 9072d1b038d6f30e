using System.Text.Json.Serialization;
using Newtonsoft.Json.Converters;

namespace YandexMarket.Chats.Benchmarks;

// The models that somebody writes by hand, for System.Text.Json, Newtonsoft.Json and RestSharp alike.
internal class ResponseDto
{
    public string? Status { get; set; }
}

internal sealed class ReadResponseDto : ResponseDto
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
    // Newtonsoft.Json writes names as they are; the others are told to write camelCase.
    [Newtonsoft.Json.JsonProperty("message")]
    public required string Message { get; set; }
}

internal sealed class DtoException(int status, ErrorResponseDto? response) : Exception($"The service responded {status}.")
{
    public int StatusCode => status;

    public List<ErrorDto>? Errors => response?.Errors;
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ResponseDto))]
[JsonSerializable(typeof(ReadResponseDto))]
[JsonSerializable(typeof(ErrorResponseDto))]
[JsonSerializable(typeof(TextDto))]
internal sealed partial class DtoContext : JsonSerializerContext;
