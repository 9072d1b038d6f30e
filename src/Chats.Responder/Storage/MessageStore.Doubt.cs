using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace YandexMarket.Chats.Responder.Storage;

internal sealed partial class MessageStore
{
    /// <summary>How far the service's clock may be behind the local one; it may also report whole seconds only.</summary>
    private const int ClockToleranceMilliseconds = 5_000;

    private const int BatchSize = 1_000;

    /// <summary>The states that are not final.</summary>
    public static readonly MessageState[] OpenStates =
        [MessageState.Received, MessageState.Answering, MessageState.InDoubt, MessageState.NeedsAttention];

    /// <summary>
    /// Uses a message of the shop itself as the proof of a send with the same text, and resolves both. One message proves one send, and confirmed
    /// sends come first, so that one message cannot prove two sends of equal texts.
    /// </summary>
    /// <returns>Whether it proved a send that was in doubt.</returns>
    public Task<bool> ProveAsync(MessageRow own, string? text, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        var latestStart = createdAt.ToUnixTimeMilliseconds() + ClockToleranceMilliseconds;
        return database.WriteAsync(
            async context =>
            {
                // Only the holder of the lease may use the proof: another one may have used it for another send already.
                if (await MoveAsync(context, Transition.Finish, Held(own)).ConfigureAwait(false) == 0)
                {
                    return false;
                }

                var sends = await context.Messages.AsNoTracking()
                    .Where(message => message.BusinessId == own.BusinessId && message.ChatId == own.ChatId
                        && message.SendStartedAt <= latestStart && message.SentMessageId == null && message.ReplyText != null
                        && (message.State == MessageState.Sent || message.State == MessageState.InDoubt || message.State == MessageState.NeedsAttention))
                    .ToListAsync(CancellationToken.None).ConfigureAwait(false);
                var proved = sends.Where(message => message.ReplyText!.Trim() == text?.Trim())
                    .OrderBy(message => message.State != MessageState.Sent).ThenBy(message => message.SendStartedAt).FirstOrDefault();
                if (proved is null)
                {
                    return false;
                }

                // A human may have sent it again meanwhile: then the proof is not that of the new send.
                Expression<Func<MessageRow, bool>> isSameSend = message => message.Id == proved.Id && message.SendStartedAt == proved.SendStartedAt;
                await context.Messages.Where(isSameSend)
                    .ExecuteUpdateAsync(set => set.SetProperty(message => message.SentMessageId, own.MessageId), CancellationToken.None)
                    .ConfigureAwait(false);
                return await MoveAsync(context, Transition.Prove, isSameSend).ConfigureAwait(false) == 1;
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

    /// <summary>
    /// Corrects the times that only a clock that was ahead can have written: they count from now. Otherwise their chats would wait for the whole
    /// difference. A worker that still holds the lease has the time to renew it.
    /// </summary>
    public Task<int> CorrectTimesAsync(CancellationToken cancellationToken)
    {
        var (now, lease) = (Now, (long)options.Value.LeaseDuration.TotalMilliseconds);
        var latestAttempt = now + lease + (long)options.Value.LongestDelay.TotalMilliseconds;
        return database.WriteAsync(
            async context => await context.Messages.Where(message => message.State == MessageState.Answering && message.LeaseUntil > now + (2 * lease))
                    .ExecuteUpdateAsync(set => set.SetProperty(message => message.LeaseUntil, now + lease), CancellationToken.None).ConfigureAwait(false)
                + await context.Messages.Where(message => message.State == MessageState.Received && message.NextAttemptAt > latestAttempt)
                    .ExecuteUpdateAsync(set => set.SetProperty(message => message.NextAttemptAt, now), CancellationToken.None).ConfigureAwait(false)
                + await context.Messages.Where(message => message.State == MessageState.InDoubt && message.ChangedAt > now + lease)
                    .ExecuteUpdateAsync(set => set.SetProperty(message => message.ChangedAt, now), CancellationToken.None).ConfigureAwait(false),
            cancellationToken);
    }

    /// <summary>Hands messages that were in doubt for too long to a human.</summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        var latest = Now - (long)options.Value.DoubtTimeout.TotalMilliseconds;
        var found = await database.RunAsync(
            context => context.Messages.AsNoTracking().Where(message => message.State == MessageState.InDoubt && message.ChangedAt <= latest)
                .OrderBy(message => message.ChangedAt).Take(100).ToListAsync(cancellationToken),
            cancellationToken).ConfigureAwait(false);
        foreach (var row in found)
        {
            if (await MoveAsync(Transition.Expire, message => message.Id == row.Id && message.ChangedAt <= latest, _ => { }, cancellationToken).ConfigureAwait(false))
            {
                NeedsAttention(ToItem(row, mayHaveBeenSent: true, row.LastFailure ?? "", clock.GetUtcNow()));
            }
        }
    }

    /// <summary>Deletes old final messages, and clears the texts of less old ones.</summary>
    public async Task RemoveOldAsync(CancellationToken cancellationToken)
    {
        var now = await database.NowAsync(Now, cancellationToken).ConfigureAwait(false);
        var removed = now - (long)options.Value.Retention.TotalMilliseconds;
        await InBatchesAsync(
            message => message.ChangedAt < removed,
            messages => messages.ExecuteDeleteAsync(CancellationToken.None),
            cancellationToken).ConfigureAwait(false);
        if (options.Value.TextRetention is { } textRetention)
        {
            var cleared = now - (long)textRetention.TotalMilliseconds;
            await InBatchesAsync(
                message => message.ChangedAt < cleared && message.ReplyText != null,
                messages => messages.ExecuteUpdateAsync(set => set.SetProperty(message => message.ReplyText, (string?)null), CancellationToken.None),
                cancellationToken).ConfigureAwait(false);
        }
    }

    // So that other writes need not wait until all are changed.
    private async Task InBatchesAsync(
        Expression<Func<MessageRow, bool>> which, Func<IQueryable<MessageRow>, Task<int>> change, CancellationToken cancellationToken)
    {
        Task<int> ChangeBatchAsync(ResponderContext context) => change(context.Messages
            .Where(message => message.State == MessageState.Sent || message.State == MessageState.NoReply).Where(which)
            .OrderBy(message => message.Id).Take(BatchSize));

        while (await database.WriteAsync(ChangeBatchAsync, cancellationToken).ConfigureAwait(false) == BatchSize)
        {
        }
    }

    /// <summary>Counts the messages that are not final, by state.</summary>
    public async Task<IReadOnlyDictionary<MessageState, int>> CountOpenAsync(CancellationToken cancellationToken) => await database.RunAsync(
        context => context.Messages
            .Where(message => OpenStates.Contains(message.State))
            .GroupBy(message => message.State).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken),
        cancellationToken).ConfigureAwait(false);
}
