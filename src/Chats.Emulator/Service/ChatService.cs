namespace YandexMarket.Chats.Emulator;

/// <summary>The two operations and, in one place, the order in which a call is checked (see <see cref="ChatsEmulator"/>).</summary>
internal sealed class ChatService(EmulatorState state)
{
    public ValueTask<ServiceResponse> RespondAsync(Call call, CancellationToken cancellationToken)
    {
        var refusal = CheckAccess(call) ?? CheckLimits(call) ?? ReadParameters(call);
        return refusal is not null ? new(ServiceResponse.Of(refusal))
            : call.Operation == EmulatedOperation.GetChatMessage ? new(Read(call))
            : SendAsync(call, cancellationToken);
    }

    private Refusal? CheckAccess(Call call)
    {
        var badBusiness = Parameters.Number(call.Route.BusinessId, "businessId", out var businessId);
        if (badBusiness is null)
        {
            call.BusinessId = businessId;
        }

        var business = state.Businesses.GetValueOrDefault(businessId);
        var quota = business?.Limits.QuotaOf(call.Operation);
        var refusal = FindKey(call, out var key);
        if (refusal is not null)
        {
            // Not counted: it is not known whose call this is.
            call.Quota = quota?.Read();
            return refusal;
        }

        if (business is null || !key!.Opens(business))
        {
            return !key!.Allows(call.Operation) ? Refusals.NoScope : badBusiness ?? Refusals.AccessDenied;
        }

        call.Business = business;
        if (key.Allows(call.Operation))
        {
            return null;
        }

        call.Quota = quota?.Use(1);
        return Refusals.NoScope;
    }

    private Refusal? FindKey(Call call, out KeyEntry? key)
    {
        key = null;
        var values = call.Key;
        var value = values.ToString();
        if (value.Length == 0)
        {
            return Refusals.NoKey;
        }

        if (value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return Refusals.KeyPrefix;
        }

        if (values.Count > 1 || !KeyRing.IsToken(value))
        {
            return Refusals.KeyFormat;
        }

        key = state.Keys.Find(value);
        return key is null ? Refusals.DeadKey : key.IsRevoked ? Refusals.RevokedKey : null;
    }

    private static Refusal? CheckLimits(Call call)
    {
        var business = call.Business!;
        var quota = business.Limits.QuotaOf(call.Operation);
        if (!call.TryTakePlace(business.Limits))
        {
            call.Quota = quota?.Read();
            return Refusals.ParallelLimit(business.Limits.Parallel, business.Id);
        }

        if (quota is null)
        {
            return null;
        }

        call.Counted = quota.TryUse(out var used);
        call.Quota = used;
        return call.Counted ? null : Refusals.HourlyQuota(quota.Limit, NameOf(call.Operation), business.Id);
    }

    private static string NameOf(EmulatedOperation operation) =>
        operation == EmulatedOperation.GetChatMessage ? "getChatMessage" : "sendMessageToChat";

    private static Refusal? ReadParameters(Call call)
    {
        var sends = call.Operation == EmulatedOperation.SendMessageToChat;
        var refusal = sends ? SendBody.CheckHead(call.Http) : null;
        if (refusal is not null)
        {
            return refusal;
        }

        var query = call.Http.Request.QueryString.Value ?? "";
        refusal = Parameters.Query(query, "chatId", out var chatId);
        if (refusal is not null)
        {
            return refusal;
        }

        call.ChatId = chatId;
        if (sends)
        {
            return null;
        }

        refusal = Parameters.Query(query, "messageId", out var messageId);
        if (refusal is null)
        {
            call.MessageId = messageId;
        }

        return refusal;
    }

    private ServiceResponse Read(Call call)
    {
        var chatId = call.ChatId.GetValueOrDefault();
        var messageId = call.MessageId.GetValueOrDefault();
        var chat = call.Business!.FindChat(chatId);
        return chat is null ? ServiceResponse.Of(Refusals.ChatNotFound(chatId))
            : chat.FindMessage(messageId) is { } message ? ServiceResponse.Read(message, state.Options.TrimsTexts)
            : ServiceResponse.Of(Refusals.MessageNotFound(messageId, chatId));
    }

    private static async ValueTask<ServiceResponse> SendAsync(Call call, CancellationToken cancellationToken)
    {
        var body = await SendBody.ReadAsync(call.Http.Request.BodyReader, cancellationToken).ConfigureAwait(false);
        var chatId = call.ChatId.GetValueOrDefault();
        return body.Refusal is { } refusal ? ServiceResponse.Of(refusal)
            : call.Business!.FindChat(chatId) is not { } chat ? ServiceResponse.Of(Refusals.ChatNotFound(chatId))
            : ServiceResponse.Sent(chat.Add(EmulatedSender.Partner, body.Text, []));
    }
}
