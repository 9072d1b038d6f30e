using Microsoft.EntityFrameworkCore;

namespace YandexMarket.Chats.Responder.Storage;

internal sealed partial class MessageStore
{
    /// <summary>How far the service's clock may be behind the local one; it may also report whole seconds only.</summary>
    private const int ClockToleranceMilliseconds = 5_000;

    /// <summary>
    /// Uses a message of the shop itself as the proof of a send with the same text, and resolves both. One message proves one send, and confirmed sends
    /// come first, so that one message cannot prove two sends of equal texts.
    /// </summary>
    /// <returns>Whether it proved a send that was in doubt.</returns>
    public Task<bool> ProveAsync(MessageRow own, string? text, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        var latestStart = createdAt.ToUnixTimeMilliseconds() + ClockToleranceMilliseconds;
        return database.WriteAsync(
            async context =>
            {
                // Only the holder of the lease may use the proof: another one may have used it for another send already.
                if (await MoveAsync(context, Transition.Finish, Held(own), set => set.SetProperty(message => message.LeaseToken, (Guid?)null)).ConfigureAwait(false) == 0)
                {
                    return false;
                }

                var sends = await context.Messages.AsNoTracking()
                    .Where(message => message.BusinessId == own.BusinessId && message.ChatId == own.ChatId
                        && message.SendStartedAt <= latestStart && message.SentMessageId == null && message.Answer != null
                        && (message.State == MessageState.Sent || message.State == MessageState.InDoubt || message.State == MessageState.NeedsAttention))
                    .ToListAsync(CancellationToken.None).ConfigureAwait(false);
                var proved = sends.Where(message => message.Answer!.Trim() == text?.Trim())
                    .OrderBy(message => message.State != MessageState.Sent).ThenBy(message => message.SendStartedAt).FirstOrDefault();
                if (proved is null)
                {
                    return false;
                }

                await context.Messages.Where(message => message.Id == proved.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(message => message.SentMessageId, own.MessageId), CancellationToken.None)
                    .ConfigureAwait(false);
                return await MoveAsync(context, Transition.Prove, message => message.Id == proved.Id).ConfigureAwait(false) == 1;
            },
            cancellationToken);
    }

    /// <summary>Puts messages in doubt whose lease expired after the send had begun.</summary>
    /// <returns>The number of them.</returns>
    public Task<int> DoubtAbandonedAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        return database.WriteAsync(
            context => MoveAsync(
                context,
                Transition.Doubt,
                message => message.LeaseUntil < now && message.SendStartedAt != null,
                set => set.SetProperty(message => message.LastFailure, "The process ended, or lost the database, after the send had begun.")),
            cancellationToken);
    }

    /// <summary>Hands messages that were in doubt for too long to a human.</summary>
    /// <returns>The messages that this call changed.</returns>
    public async Task<IReadOnlyList<MessageRow>> ExpireAsync(CancellationToken cancellationToken)
    {
        var latest = Now - (long)options.DoubtTimeout.TotalMilliseconds;
        var found = await database.ReadAsync(
            context => context.Messages.AsNoTracking().Where(message => message.State == MessageState.InDoubt && message.ChangedAt <= latest)
                .Take(100).ToListAsync(cancellationToken),
            cancellationToken).ConfigureAwait(false);
        List<MessageRow> expired = [];
        foreach (var row in found)
        {
            if (await MoveAsync(Transition.Expire, message => message.Id == row.Id && message.ChangedAt <= latest, _ => { }, cancellationToken).ConfigureAwait(false))
            {
                expired.Add(row);
            }
        }

        return expired;
    }

    /// <summary>Deletes old final messages, and clears the texts of less old ones.</summary>
    public Task RemoveOldAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        var removed = now - (long)options.Retention.TotalMilliseconds;
        var cleared = now - (long)(options.TextRetention ?? options.Retention).TotalMilliseconds;
        return database.WriteAsync(
            async context =>
            {
                var ended = context.Messages.Where(message => message.State == MessageState.Sent || message.State == MessageState.NoReply);
                await ended.Where(message => message.ChangedAt < removed).ExecuteDeleteAsync(CancellationToken.None).ConfigureAwait(false);
                return await ended.Where(message => message.ChangedAt < cleared && message.Answer != null)
                    .ExecuteUpdateAsync(set => set.SetProperty(message => message.Answer, (string?)null), CancellationToken.None).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <summary>Counts the messages that are not final, by state.</summary>
    public async Task<IReadOnlyDictionary<MessageState, int>> CountOpenAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        context => context.Messages.Where(message => message.State != MessageState.Sent && message.State != MessageState.NoReply)
            .GroupBy(message => message.State).ToDictionaryAsync(group => group.Key, group => group.Count(), cancellationToken),
        cancellationToken).ConfigureAwait(false);
}
