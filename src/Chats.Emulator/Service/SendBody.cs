using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace YandexMarket.Chats.Emulator;

internal static class SendBody
{
    /// <summary>The checks before the body is read: it exists, and its type and its declared length are allowed.</summary>
    public static ServiceResponse? CheckHead(HttpContext http)
    {
        var request = http.Request;
        var canHaveBody = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        return !canHaveBody || request.ContentLength == 0 ? ErrorResponses.BodyMissing
            : string.IsNullOrEmpty(request.ContentType) ? ErrorResponses.ContentTypeMissing
            : !IsJson(request.ContentType) ? ErrorResponses.ContentType(request.ContentType)
            : request.ContentLength > ErrorResponses.MaxBodyBytes ? ErrorResponses.BodyTooBig
            : null;
    }

    /// <summary>Reads the text. Exactly one of the two is not null.</summary>
    public static async ValueTask<(string? Text, ServiceResponse? Refusal)> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        var read = await reader.ReadAtLeastAsync(ErrorResponses.MaxBodyBytes + 1, cancellationToken).ConfigureAwait(false);
        if (read.Buffer.Length > ErrorResponses.MaxBodyBytes)
        {
            return (null, ErrorResponses.BodyTooBig);
        }

        var body = Parse(read.Buffer.ToArray());
        reader.AdvanceTo(read.Buffer.End);
        return body;
    }

    private static bool IsJson(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static (string? Text, ServiceResponse? Refusal) Parse(byte[] body)
    {
        try
        {
            // Unknown members are ignored; of duplicate ones the last counts, as in Java's readers.
            JsonElement json, message = default;
            ServiceResponse? refusal = body.Length == 0 ? ErrorResponses.BodyMissing
                : (json = JsonElement.Parse(body)).ValueKind != JsonValueKind.Object ? ErrorResponses.BodyMalformed
                : !json.TryGetProperty("message", out message) || message.ValueKind == JsonValueKind.Null ? ErrorResponses.MessageMissing
                : message.ValueKind != JsonValueKind.String ? ErrorResponses.TypeMismatch("message")
                : null;
            if (refusal is not null)
            {
                return (null, refusal);
            }

            // Counted in UTF-16 units; whether the service counts these or code points is not documented.
            var text = message.GetString()!;
            return text.Length is >= 1 and <= ErrorResponses.MaxTextLength ? (text, null) : (null, ErrorResponses.TextSize(text));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an unpaired surrogate.
            return (null, ErrorResponses.BodyMalformed);
        }
    }
}
