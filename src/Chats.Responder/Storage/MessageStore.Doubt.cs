using Microsoft.EntityFrameworkCore;

namespace YandexMarket.Chats.Responder.Storage;

internal sealed partial class MessageStore
{
    /// <summary>The service's clock may be behind ours by so much, or have whole seconds only.</summary>
    private const int ClockToleranceMilliseconds = 5_000;

    /// <summary>
    /// Takes a message of the shop itself as the proof of the send with its text, and ends it. One message proves one send, and a send that the
    /// service confirmed comes first: so two equal texts cannot both be proved by one of them.
    /// </summary>
    /// <returns>Whether a send that was in doubt is proved.</returns>
    public Task<bool> ProveAsync(MessageRow own, string? text, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        var latestStart = createdAt.ToUnixTimeMilliseconds() + ClockToleranceMilliseconds;
        return database.WriteAsync(
            async context =>
            {
                var isProof = false;
                var sends = await context.Messages.AsNoTracking()
                    .Where(message => message.BusinessId == own.BusinessId && message.ChatId == own.ChatId
                        && message.SendStartedAt <= latestStart && message.SentMessageId == null && message.Answer != null
                        && (message.State == MessageState.Sent || message.State == MessageState.InDoubt || message.State == MessageState.NeedsAttention))
                    .ToListAsync(CancellationToken.None).ConfigureAwait(false);
                var proved = sends.Where(message => message.Answer!.Trim() == text?.Trim())
                    .OrderBy(message => message.State != MessageState.Sent).ThenBy(message => message.SendStartedAt).FirstOrDefault();
                if (proved is not null)
                {
                    isProof = await MoveAsync(context, Transition.Prove, message => message.Id == proved.Id).ConfigureAwait(false) == 1;
                    await context.Messages.Where(message => message.Id == proved.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(message => message.SentMessageId, own.MessageId), CancellationToken.None)
                        .ConfigureAwait(false);
                }

                await MoveAsync(context, Transition.Finish, Held(own), set => set.SetProperty(message => message.LeaseToken, (Guid?)null))
                    .ConfigureAwait(false);
                return isProof;
            },
            cancellationToken);
    }

    /// <summary>Finds the sends whose worker did not come back.</summary>
    /// <returns>How many there were.</returns>
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

    /// <summary>Gives what stayed in doubt to a human.</summary>
    /// <returns>The messages that this call gave.</returns>
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

    /// <summary>Deletes what ended long ago, and clears the texts of what ended less long ago.</summary>
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

    /// <summary>How many messages have not ended, by state.</summary>
    public async Task<IReadOnlyDictionary<MessageState, int>> CountOpenAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        context => context.Messages.Where(message => message.State != MessageState.Sent && message.State != MessageState.NoReply)
            .GroupBy(message => message.State).ToDictionaryAsync(group => group.Key, group => group.Count(), cancellationToken),
        cancellationToken).ConfigureAwait(false);
}
