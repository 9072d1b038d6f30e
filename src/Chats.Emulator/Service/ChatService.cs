using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace YandexMarket.Chats.Emulator;

/// <summary>The two operations and, in one place, the order in which a call is checked (see <see cref="ChatsEmulator"/>).</summary>
internal static class ChatService
{
    public static async ValueTask<ServiceResponse> RespondAsync(Call call) =>
        CheckAccess(call) ?? CheckLimits(call) ?? ReadParameters(call) ?? (call.IsRead ? Read(call) : await SendAsync(call).ConfigureAwait(false));

    /// <summary>Counts the call as a parallel call of the business, if a stall has not done so before.</summary>
    public static ServiceResponse? Begin(Call call, EmulatedBusiness business)
    {
        call.Place ??= business.BeginCall();
        if (call.Place.IsAcquired)
        {
            return null;
        }

        call.Quota = business.QuotaOf(call.Operation)?.Read();
        return ErrorResponses.ParallelLimit(call.Emulator.Options.ParallelLimit, business.Id);
    }

    private static ServiceResponse? CheckAccess(Call call)
    {
        var business = call.Business;
        var quota = business?.QuotaOf(call.Operation);
        if (FindKey(call, out var key) is { } refusal)
        {
            // Not counted, because it is not known whose call this is.
            call.Quota = quota?.Read();
            return refusal;
        }

        if (business is null || (key!.BusinessId ?? business.Id) != business.Id)
        {
            return !key!.Allows(call.Operation) ? ErrorResponses.NoScope : Number(call.BusinessText, "businessId", out _) ?? ErrorResponses.AccessDenied;
        }

        if (key.Allows(call.Operation))
        {
            return null;
        }

        quota?.TryUse(calls: 1, out _);
        call.Quota = quota?.Read();
        return ErrorResponses.NoScope;
    }

    private static ServiceResponse? FindKey(Call call, out ApiKey? key)
    {
        var value = call.Key.ToString();
        key = call.Emulator.FindKey(value);
        return value.Length == 0 ? ErrorResponses.NoKey
            : value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? ErrorResponses.KeyPrefix
            : call.Key.Count > 1 || !ChatsEmulator.IsToken(value) ? ErrorResponses.KeyFormat
            : key is null ? ErrorResponses.UnknownKey
            : key.Revoked ? ErrorResponses.RevokedKey
            : null;
    }

    private static ServiceResponse? CheckLimits(Call call)
    {
        var business = call.Business!;
        var quota = business.QuotaOf(call.Operation);
        var refusal = Begin(call, business);
        if (refusal is not null || quota is null)
        {
            return refusal;
        }

        var isFailure = call.Record.Fault is { Kind: ChatsFaultKind.InternalServerError or ChatsFaultKind.ServiceUnavailable } or { Own.Status: >= 500 };
        var isAllowed = quota.TryUse(isFailure ? 0 : 1, out var state);
        call.Quota = state;
        return isAllowed ? null : ErrorResponses.HourlyQuota(state.Limit, call.Operation, business.Id);
    }

    private static ServiceResponse? ReadParameters(Call call)
    {
        var refusal = call.IsRead ? null : SendBody.CheckHead(call.Http);
        refusal ??= Query(call, "chatId", id => call.Record.ChatId = id);
        return refusal ?? (call.IsRead ? Query(call, "messageId", id => call.Record.MessageId = id) : null);
    }

    /// <summary>The first non-empty value of a parameter counts, which is inferred and not documented.</summary>
    private static ServiceResponse? Query(Call call, string name, Action<long> set)
    {
        foreach (var pair in new QueryStringEnumerable(call.Http.Request.QueryString.Value ?? ""))
        {
            if (pair.DecodeName().Span.SequenceEqual(name) && !pair.EncodedValue.IsEmpty)
            {
                var refusal = Number(pair.DecodeValue().Span, name, out var value);
                if (refusal is null)
                {
                    set(value);
                }

                return refusal;
            }
        }

        return ErrorResponses.ParameterMissing(name);
    }

    private static ServiceResponse? Number(ReadOnlySpan<char> text, string name, out long value) =>
        !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) ? ErrorResponses.TypeMismatch(name)
        : value < 1 ? ErrorResponses.TooSmall(name)
        : null;

    private static ServiceResponse Read(Call call)
    {
        var (chatId, messageId) = (call.Record.ChatId!.Value, call.Record.MessageId!.Value);
        return call.Business!.FindChat(chatId) is not { } chat ? ErrorResponses.ChatNotFound(chatId)
            : chat.FindMessage(messageId) is not { } message ? ErrorResponses.MessageNotFound(messageId, chatId)
            : ServiceResponse.Of(message, call.Emulator.Options.TrimTexts);
    }

    private static async ValueTask<ServiceResponse> SendAsync(Call call)
    {
        var chatId = call.Record.ChatId!.Value;
        var (text, refusal) = await SendBody.ReadAsync(call.Http.Request.BodyReader, call.Emulator.Stopping).ConfigureAwait(false);
        return refusal is not null ? refusal
            : call.Business!.FindChat(chatId) is not { } chat ? ErrorResponses.ChatNotFound(chatId)
            : ServiceResponse.Ok with { Delivered = chat.Add(EmulatedSender.Partner, text, []) };
    }
}
