using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using static YandexMarket.Chats.Emulator.RefusalException;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// The two operations and, in one place, the order in which a call is checked (see <see cref="ChatsEmulator"/>). The texts of the errors are
/// the vendor's where they are documented.
/// </summary>
internal static class ChatService
{
    private const int MaxTextLength = 4096;
    private const int MaxBodyBytes = 512 * 1024;

    public static async ValueTask<ServiceResponse> RespondAsync(Call call)
    {
        try
        {
            var business = CheckAccess(call);
            CheckLimits(call, business);
            return call.IsRead ? Read(call, business) : await SendAsync(call, business).ConfigureAwait(false);
        }
        catch (RefusalException refusal)
        {
            return ServiceResponse.Of(refusal);
        }
    }

    /// <summary>Counts the call as a parallel call of the business, if a stall has not done so before.</summary>
    public static RefusalException? Begin(Call call, EmulatedBusiness business)
    {
        call.Place ??= business.BeginCall();
        if (call.Place.IsAcquired)
        {
            return null;
        }

        call.Quota = business.QuotaOf(call.Operation)?.Read();
        return new(420, $"Hit rate limit of '{call.Emulator.Options.ParallelLimit}' parallel requests for businessId '{business.Id}'");
    }

    private static EmulatedBusiness CheckAccess(Call call)
    {
        var business = call.Business;
        var quota = business?.QuotaOf(call.Operation);

        // A 401 shows the quota but is not counted, because it is not known whose call this is.
        call.Quota = quota?.Read();
        var key = FindKey(call);
        if ((key.BusinessId ?? business?.Id) != business?.Id)
        {
            (business, quota, call.Quota) = (null, null, null);
        }

        if (!key.Allows(call.Operation))
        {
            quota?.TryUse(calls: 1, out _);
            call.Quota = quota?.Read();
            throw new RefusalException(403, "Token does not have any of the scopes to access the API method");
        }

        Number(call.BusinessText, "businessId");
        Require(business is not null, 403, "Access denied");
        return business;
    }

    private static ApiKey FindKey(Call call)
    {
        var value = call.Key.ToString();
        Require(value.Length > 0, 401, "Credentials are not specified");
        Require(!value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase), 401, "Api-Key token prefix invalid");
        Require(call.Key.Count == 1 && ApiKey.IsToken(value), 401, "Api-Key token format invalid");
        var key = call.Emulator.FindKey(value);
        Require(key is not null, 401, "Api-Key token is invalid");
        Require(!key.Revoked, 401, "Api-Key token is revoked");
        return key;
    }

    private static void CheckLimits(Call call, EmulatedBusiness business)
    {
        if (Begin(call, business) is { } refusal)
        {
            throw refusal;
        }

        if (business.QuotaOf(call.Operation) is { } quota)
        {
            var isFailure = call.Record.Fault?.Replacement?.Status >= 500;
            var isAllowed = quota.TryUse(isFailure ? 0 : 1, out var state);
            call.Quota = state;
            var resource = call.IsRead ? "getChatMessage" : "sendMessageToChat";
            Require(isAllowed, 420,
                $"Hit rate limit of '{state.Limit}' requests per '1 HOUR' for resource '{resource}' for businessId '{business.Id}'");
        }
    }

    /// <summary>The first non-empty value of a parameter counts, which is inferred and not documented.</summary>
    private static long Query(Call call, string name)
    {
        foreach (var pair in new QueryStringEnumerable(call.Http.Request.QueryString.Value ?? ""))
        {
            if (pair.DecodeName().Span.SequenceEqual(name) && !pair.EncodedValue.IsEmpty)
            {
                return Number(pair.DecodeValue().Span, name);
            }
        }

        throw new RefusalException(400, $"Required request parameter '{name}' is not present");
    }

    private static long Number(ReadOnlySpan<char> text, string name)
    {
        var isNumber = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
        Require(isNumber, 400, $"Type mismatch: '{name}'");
        Require(value >= 1, 400, $"'{name}' must be greater than or equal to 1");
        return value;
    }

    private static ServiceResponse Read(Call call, EmulatedBusiness business)
    {
        var chatId = Query(call, "chatId");
        call.Record.ChatId = chatId;
        var messageId = Query(call, "messageId");
        call.Record.MessageId = messageId;
        var message = FindChat(business, chatId).FindMessage(messageId);
        Require(message is not null, 404, $"Can't find message by id: '{messageId}' for chat '{chatId}'");
        return ServiceResponse.Of(message, call.Emulator.Options.TrimTexts);
    }

    private static EmulatedChat FindChat(EmulatedBusiness business, long chatId)
    {
        var chat = business.FindChat(chatId);
        Require(chat is not null, 404, $"Can't find chat by id: '{chatId}'");
        return chat;
    }

    private static async ValueTask<ServiceResponse> SendAsync(Call call, EmulatedBusiness business)
    {
        CheckBodyHead(call.Http);
        var chatId = Query(call, "chatId");
        call.Record.ChatId = chatId;
        var reader = call.Http.Request.BodyReader;
        var read = await reader.ReadAtLeastAsync(MaxBodyBytes + 1, call.Emulator.Stopping).ConfigureAwait(false);
        RequireSize(read.Buffer.Length);
        var body = read.Buffer.ToArray();
        reader.AdvanceTo(read.Buffer.End);
        var text = ReadText(body);
        return ServiceResponse.Ok with { Delivered = FindChat(business, chatId).Add(EmulatedSender.Partner, text, []) };
    }

    /// <summary>The checks before the body is read: it exists, and its type and its declared length are allowed.</summary>
    private static void CheckBodyHead(HttpContext http)
    {
        var request = http.Request;
        var canHaveBody = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        Require(canHaveBody && request.ContentLength != 0, 400, "Required request body is missing");
        Require(!string.IsNullOrEmpty(request.ContentType), 415, "Missing Content-Type");
        var isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        Require(isJson, 415, $"Content type '{request.ContentType}' not supported");
        RequireSize(request.ContentLength);
    }

    private static void RequireSize(long? bytes) =>
        Require(bytes is null or <= MaxBodyBytes, 400, $"The request is too big: more than {MaxBodyBytes} bytes");

    private static string ReadText(byte[] body)
    {
        try
        {
            Require(body.Length > 0, 400, "Required request body is missing");

            // Unknown members are ignored; of duplicate ones the last counts, as in Java's readers.
            var json = JsonElement.Parse(body);
            Require(json.ValueKind == JsonValueKind.Object, 400, "JSON: malformed");
            var isThere = json.TryGetProperty("message", out var message) && message.ValueKind != JsonValueKind.Null;
            Require(isThere, 400, "Missing field: 'message'");
            Require(message.ValueKind == JsonValueKind.String, 400, "Type mismatch: 'message'");

            // Counted in UTF-16 units; whether the service counts these or code points is not documented.
            var text = message.GetString()!;
            var rule = $"'message' size must be between '1' and '{MaxTextLength}'";
            return text.Length is >= 1 and <= MaxTextLength
                ? text
                : throw new RefusalException(400, $"{rule} (rejected value: {text})") { Recorded = rule };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an unpaired surrogate.
            throw new RefusalException(400, "JSON: malformed");
        }
    }
}
