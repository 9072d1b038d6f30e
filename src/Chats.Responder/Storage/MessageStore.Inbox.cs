using Microsoft.EntityFrameworkCore;

namespace YandexMarket.Chats.Responder.Storage;

internal sealed partial class MessageStore : IChatsResponderInbox
{
    public async Task<IReadOnlyList<ChatsAttentionItem>> ListAsync(int maxItems = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxItems, 1);
        await EnsureMigratedAsync(cancellationToken).ConfigureAwait(false);
        var rows = await database.RunAsync(
            context => context.Messages.AsNoTracking().Where(message => message.State == MessageState.NeedsAttention)
                .OrderBy(message => message.ChangedAt).ThenBy(message => message.Id).Take(maxItems).ToListAsync(cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. rows.Select(row => ToItem(
                row, row.ReplyText, row.SendStartedAt is not null, row.LastFailure ?? "", DateTimeOffset.FromUnixTimeMilliseconds(row.ChangedAt))),
        ];
    }

    public Task<bool> MarkAsSentAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default) =>
        ResolveAsync(Transition.MarkAsSent, businessId, chatId, messageId, cancellationToken);

    public Task<bool> SendAgainAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default) =>
        ResolveAsync(Transition.SendAgain, businessId, chatId, messageId, cancellationToken);

    public Task<bool> DropAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default) =>
        ResolveAsync(Transition.Drop, businessId, chatId, messageId, cancellationToken);

    internal static ChatsAttentionItem ToItem(MessageRow row, string? reply, bool mayHaveBeenSent, string reason, DateTimeOffset since) => new()
    {
        BusinessId = row.BusinessId,
        ChatId = row.ChatId,
        MessageId = row.MessageId,
        MayHaveBeenSent = mayHaveBeenSent,
        ReplyText = reply,
        Reason = reason,
        Since = since,
    };

    /// <summary>The application may use the inbox before the worker has migrated the database.</summary>
    private Task EnsureMigratedAsync(CancellationToken cancellationToken) => _isMigrated ? Task.CompletedTask : MigrateAsync(cancellationToken);

    private async Task<bool> ResolveAsync(Transition transition, long businessId, long chatId, long messageId, CancellationToken cancellationToken)
    {
        await EnsureMigratedAsync(cancellationToken).ConfigureAwait(false);
        var now = Now;
        return await MoveAsync(
            transition,
            message => message.BusinessId == businessId && message.ChatId == chatId && message.MessageId == messageId,
            set =>
            {
                // A slow worker must not change what the human decided.
                set.SetProperty(message => message.LeaseToken, (Guid?)null);
                if (transition == Transition.SendAgain)
                {
                    set.SetProperty(message => message.SendStartedAt, (long?)null)
                        .SetProperty(message => message.SentMessageId, (long?)null)
                        .SetProperty(message => message.Failures, 0)
                        .SetProperty(message => message.Attempts, 0)
                        .SetProperty(message => message.NextAttemptAt, now);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }
}
