using System.Text.Json.Serialization;
using Newtonsoft.Json.Converters;

namespace YandexMarket.Chats.Benchmarks.Peers;

// The models that somebody writes by hand, for System.Text.Json, Newtonsoft.Json and RestSharp alike.
internal class AnswerDto
{
    public string? Status { get; set; }
}

internal sealed class ReadAnswerDto : AnswerDto
{
    public MessageDto? Result { get; set; }
}

internal sealed class ErrorAnswerDto : AnswerDto
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
        Seen.Message(MessageId, CreatedAt, Sender, Message, (Payload ?? []).Select(file => (file.Name, file.Url, file.Size)));
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

internal sealed class DtoException(int status, ErrorAnswerDto? answer) : Exception($"The service answered {status}.")
{
    public override string ToString() => Seen.Error(status, (answer?.Errors ?? []).Select(error => (error.Code, error.Message)));
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AnswerDto))]
[JsonSerializable(typeof(ReadAnswerDto))]
[JsonSerializable(typeof(ErrorAnswerDto))]
[JsonSerializable(typeof(TextDto))]
internal sealed partial class DtoContext : JsonSerializerContext;
