using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace YandexMarket.Chats.Emulator;

/// <summary>Reads the body of a send, or says why it is refused. Exactly one of the two is there.</summary>
internal readonly record struct SendBody(string? Text, Refusal? Refusal)
{
    /// <summary>What can be refused before the body is read: there is none, its type is another, its stated length is too big.</summary>
    public static Refusal? CheckHead(HttpContext http)
    {
        var request = http.Request;
        var canHaveBody = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        if (!canHaveBody || request.ContentLength == 0)
        {
            return Refusals.BodyMissing;
        }

        if (string.IsNullOrEmpty(request.ContentType))
        {
            return Refusals.ContentTypeMissing;
        }

        if (!IsJson(request.ContentType))
        {
            return Refusals.ContentType(request.ContentType);
        }

        return request.ContentLength > Refusals.LargestBody ? Refusals.BodyTooBig : null;
    }

    public static async ValueTask<SendBody> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (read.Buffer.Length > Refusals.LargestBody)
            {
                return new SendBody(null, Refusals.BodyTooBig);
            }

            if (read.IsCompleted)
            {
                var body = Parse(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static bool IsJson(string contentType) =>
        contentType == "application/json"
        || (MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    private static SendBody Parse(in ReadOnlySequence<byte> body)
    {
        if (body.IsEmpty)
        {
            return new SendBody(null, Refusals.BodyMissing);
        }

        var json = new Utf8JsonReader(body);
        try
        {
            var parsed = ParseObject(ref json);
            return json.Read() ? new SendBody(null, Refusals.BodyMalformed(json.TokenStartIndex)) : parsed;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair, which is not valid text.
            return new SendBody(null, Refusals.BodyMalformed(json.BytesConsumed));
        }
    }

    private static SendBody ParseObject(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return new SendBody(null, Refusals.BodyMalformed(0));
        }

        // Members that are not known are skipped; of a member given twice the last one counts, as Java's readers have it.
        var result = new SendBody(null, Refusals.MessageMissing);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isMessage = json.ValueTextEquals("message"u8);
            json.Read();
            if (isMessage)
            {
                result = ParseText(ref json);
            }

            json.Skip();
        }

        return result;
    }

    private static SendBody ParseText(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return new SendBody(null, Refusals.MessageMissing);
        }

        if (json.TokenType != JsonTokenType.String)
        {
            return new SendBody(null, Refusals.TypeMismatch("message"));
        }

        // Counted in UTF-16 units; whether the service counts these or code points is not documented.
        var text = json.GetString()!;
        return text.Length is >= 1 and <= Refusals.LongestText ? new SendBody(text, null) : new SendBody(null, Refusals.TextSize(text));
    }
}
