using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace YandexMarket.Chats.Emulator;

/// <summary>The two operations and, in one place, the order in which a call is checked (see <see cref="ChatsEmulator"/>).</summary>
internal static class ChatService
{
    public static async ValueTask<ServiceResponse> RespondAsync(Call call)
    {
        var refusal = CheckAccess(call) ?? CheckLimits(call) ?? ReadParameters(call);
        return refusal is not null ? ServiceResponse.Of(refusal)
            : call.Operation == EmulatedOperation.GetChatMessage ? Read(call)
            : await SendAsync(call).ConfigureAwait(false);
    }

    private static Refusal? CheckAccess(Call call)
    {
        var invalidBusiness = Number(call.BusinessText, "businessId", out var businessId);
        call.BusinessId = invalidBusiness is null ? businessId : null;
        var business = call.Emulator.FindBusiness(businessId);
        var quota = business?.QuotaOf(call.Operation);
        if (FindKey(call, out var key) is { } refusal)
        {
            // Not counted, because it is not known whose call this is.
            call.Quota = quota?.Read();
            return refusal;
        }

        if (business is null || !key!.Opens(business))
        {
            return !key!.Allows(call.Operation) ? Refusals.NoScope : invalidBusiness ?? Refusals.AccessDenied;
        }

        call.Business = business;
        if (key.Allows(call.Operation))
        {
            return null;
        }

        quota?.TryUse(calls: 1, out _);
        call.Quota = quota?.Read();
        return Refusals.NoScope;
    }

    private static Refusal? FindKey(Call call, out KeyEntry? key)
    {
        var value = call.Key.ToString();
        key = call.Emulator.FindKey(value);
        return value.Length == 0 ? Refusals.NoKey
            : value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? Refusals.KeyPrefix
            : call.Key.Count > 1 || !ChatsEmulator.IsToken(value) ? Refusals.KeyFormat
            : key is null ? Refusals.UnknownKey
            : key.IsRevoked ? Refusals.RevokedKey
            : null;
    }

    private static Refusal? CheckLimits(Call call)
    {
        var business = call.Business!;
        var quota = business.QuotaOf(call.Operation);
        if (!call.TryBegin(business))
        {
            call.Quota = quota?.Read();
            return Refusals.ParallelLimit(call.Emulator.Options.ParallelLimit, business.Id);
        }

        if (quota is null)
        {
            return null;
        }

        var isFailure = call.Fault is { Kind: ChatsFaultKind.InternalServerError or ChatsFaultKind.ServiceUnavailable };
        var isAllowed = quota.TryUse(isFailure ? 0 : 1, out var state);
        call.Quota = state;
        return isAllowed ? null : Refusals.HourlyQuota(state.Limit, call.Operation, business.Id);
    }

    private static Refusal? ReadParameters(Call call)
    {
        var isRead = call.Operation == EmulatedOperation.GetChatMessage;
        var refusal = isRead ? null : SendBody.CheckHead(call.Http);
        refusal ??= Query(call, "chatId", id => call.ChatId = id);
        return refusal ?? (isRead ? Query(call, "messageId", id => call.MessageId = id) : null);
    }

    /// <summary>The first non-empty value of a parameter counts, which is inferred and not documented.</summary>
    private static Refusal? Query(Call call, string name, Action<long> set)
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

        return Refusals.ParameterMissing(name);
    }

    private static Refusal? Number(ReadOnlySpan<char> text, string name, out long value) =>
        !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) ? Refusals.TypeMismatch(name)
        : value < 1 ? Refusals.TooSmall(name)
        : null;

    private static ServiceResponse Read(Call call)
    {
        var (chatId, messageId) = (call.ChatId!.Value, call.MessageId!.Value);
        return call.Business!.FindChat(chatId) is not { } chat ? ServiceResponse.Of(Refusals.ChatNotFound(chatId))
            : chat.FindMessage(messageId) is not { } message ? ServiceResponse.Of(Refusals.MessageNotFound(messageId, chatId))
            : ServiceResponse.Of(message, call.Emulator.Options.TrimsTexts);
    }

    private static async ValueTask<ServiceResponse> SendAsync(Call call)
    {
        var chatId = call.ChatId!.Value;
        var (text, refusal) = await SendBody.ReadAsync(call.Http.Request.BodyReader, call.Emulator.Stopping).ConfigureAwait(false);
        return refusal is not null ? ServiceResponse.Of(refusal)
            : call.Business!.FindChat(chatId) is not { } chat ? ServiceResponse.Of(Refusals.ChatNotFound(chatId))
            : ServiceResponse.Ok with { Delivered = chat.Add(EmulatedSender.Partner, text, []) };
    }
}
