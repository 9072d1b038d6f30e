using Microsoft.EntityFrameworkCore;

namespace YandexMarket.Chats.Responder.Storage;

internal sealed partial class MessageStore
{
    /// <summary>
    /// Claims up to <paramref name="count"/> messages of different chats in which no worker is active. A message whose sender is not known yet is
    /// read out of order, because it may be the proof for an earlier one; a buyer's message waits for its turn.
    /// </summary>
    public Task<List<MessageRow>> ClaimAsync(int count, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid();
        return database.ClaimAsync(
            async context =>
            {
                var now = Now;
                var until = now + (long)options.Value.LeaseDuration.TotalMilliseconds;
                var abandoned = await Abandoned(context, now).Take(count).ToListAsync(CancellationToken.None).ConfigureAwait(false);
                var due = await Due(context, now).Take(count * 4).ToListAsync(CancellationToken.None).ConfigureAwait(false);
                var first = abandoned.Concat(due).GroupBy(message => (message.BusinessId, message.ChatId))
                    .Select(chat => chat.MinBy(message => message.MessageId)!)
                    .Take(count)
                    .ToLookup(message => message.State, message => message.Id);

                foreach (var transition in new[] { Transition.Claim, Transition.TakeOver })
                {
                    var ids = first[transition.From[0]].ToList();
                    var isTakeOver = transition == Transition.TakeOver;
                    if (ids.Count > 0)
                    {
                        await MoveAsync(
                            context,
                            transition,
                            message => ids.Contains(message.Id) && (!isTakeOver || (message.LeaseUntil < now && message.SendStartedAt == null)),
                            set => set.SetProperty(message => message.LeaseToken, token)
                                .SetProperty(message => message.LeaseUntil, until)
                                .SetProperty(message => message.Failures, message => message.Failures + (isTakeOver ? 1 : 0))).ConfigureAwait(false);
                    }
                }

                return first.Count == 0
                    ? []
                    : await context.Messages.AsNoTracking().Where(message => message.LeaseToken == token)
                        .ToListAsync(CancellationToken.None).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <summary>Renews the leases of messages that are being handled.</summary>
    public Task ExtendLeasesAsync(IReadOnlyCollection<MessageRow> rows, CancellationToken cancellationToken)
    {
        var tokens = rows.Select(row => row.LeaseToken).Distinct().ToList();
        var ids = rows.Select(row => row.Id).ToList();
        var until = Now + (long)options.Value.LeaseDuration.TotalMilliseconds;
        return database.WriteAsync(
            context => context.Messages
                .Where(message => ids.Contains(message.Id) && tokens.Contains(message.LeaseToken) && message.State == MessageState.Answering)
                .ExecuteUpdateAsync(set => set.SetProperty(message => message.LeaseUntil, until), CancellationToken.None),
            cancellationToken);
    }

    // Two queries: with an OR neither database reads the due messages in the order of the index, and each claim would sort the whole backlog.
    private static IQueryable<MessageRow> Abandoned(ResponderContext context, long now) => context.Messages.AsNoTracking()
        .Where(message => message.State == MessageState.Answering && message.LeaseUntil < now && message.SendStartedAt == null)
        .OrderBy(message => message.NextAttemptAt).ThenBy(message => message.MessageId);

    private static IQueryable<MessageRow> Due(ResponderContext context, long now) => context.Messages.AsNoTracking()
        .Where(message => message.State == MessageState.Received && message.NextAttemptAt <= now
            && !context.Messages.Any(other => other.BusinessId == message.BusinessId && other.ChatId == message.ChatId
                && other.State == MessageState.Answering)
            && (!message.IsFromCustomer || !context.Messages.Any(other => other.BusinessId == message.BusinessId && other.ChatId == message.ChatId
                && (other.State == MessageState.InDoubt || (other.State == MessageState.Received && other.MessageId < message.MessageId)))))
        .OrderBy(message => message.NextAttemptAt).ThenBy(message => message.MessageId);
}
