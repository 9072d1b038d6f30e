using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace YandexMarket.Chats.Responder.Storage;

internal sealed partial class MessageStore : IChatsResponderInbox
{
    public async Task<IReadOnlyList<ChatsAttentionItem>> ListAsync(int maxItems = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxItems, 1);
        await MigrateAsync(cancellationToken).ConfigureAwait(false);
        var rows = await database.RunAsync(
            context => context.Messages.AsNoTracking().Where(message => message.State == MessageState.NeedsAttention)
                .OrderBy(message => message.ChangedAt).ThenBy(message => message.Id).Take(maxItems).ToListAsync(cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. rows.Select(row => ToItem(
                row, row.SendStartedAt is not null, row.LastFailure ?? "", DateTimeOffset.FromUnixTimeMilliseconds(row.ChangedAt))),
        ];
    }

    public Task<bool> MarkAsSentAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default) =>
        ResolveAsync(Transition.MarkAsSent, businessId, chatId, messageId, _ => { }, cancellationToken);

    public Task<bool> SendAgainAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default)
    {
        var now = Now;
        return ResolveAsync(
            Transition.SendAgain,
            businessId,
            chatId,
            messageId,
            set => set.SetProperty(message => message.SendStartedAt, (long?)null)
                .SetProperty(message => message.SentMessageId, (long?)null)
                .SetProperty(message => message.Failures, 0)
                .SetProperty(message => message.Attempts, 0)
                .SetProperty(message => message.NextAttemptAt, now),
            cancellationToken);
    }

    public Task<bool> DropAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default) =>
        ResolveAsync(Transition.Drop, businessId, chatId, messageId, _ => { }, cancellationToken);

    private static ChatsAttentionItem ToItem(MessageRow row, bool mayHaveBeenSent, string reason, DateTimeOffset since) => new()
    {
        BusinessId = row.BusinessId,
        ChatId = row.ChatId,
        MessageId = row.MessageId,
        MayHaveBeenSent = mayHaveBeenSent,
        ReplyText = row.ReplyText,
        Reason = reason,
        Since = since,
    };

    private async Task<bool> ResolveAsync(
        Transition transition, long businessId, long chatId, long messageId, Action<UpdateSettersBuilder<MessageRow>> set,
        CancellationToken cancellationToken)
    {
        await MigrateAsync(cancellationToken).ConfigureAwait(false);
        return await MoveAsync(
            transition,
            message => message.BusinessId == businessId && message.ChatId == chatId && message.MessageId == messageId,
            set,
            cancellationToken).ConfigureAwait(false);
    }
}
