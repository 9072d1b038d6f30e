using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Options;
using YandexMarket.Chats.AspNetCore;

namespace YandexMarket.Chats.Responder.Storage;

/// <summary>An attempt that failed without sending anything. The reason contains no text of a chat.</summary>
internal sealed record AttemptFailure(string Reason, bool IsTransient, TimeSpan? RetryAfter = null, bool IsLocalLimit = false);

/// <summary>
/// The messages. Every change is one conditional update: the message must be in a state from which the <see cref="Transition"/> starts, and a worker
/// must still hold the lease. Otherwise the update changes nothing.
/// </summary>
internal sealed partial class MessageStore(ResponderDatabase database, IOptions<ChatsResponderOptions> options, TimeProvider clock)
    : IChatsNotificationHandler
{
    private TaskCompletionSource _nextSignal = NewSignal();

    /// <summary>Completes when there may be work for a worker. Read it before you look for work, so that no signal is missed.</summary>
    public Task Signal => Volatile.Read(ref _nextSignal).Task;

    /// <summary>Called for each message that starts to need a human.</summary>
    public Action<ChatsAttentionItem> NeedsAttention { get; set; } = _ => { };

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Wakes the worker.</summary>
    public void Raise() => Interlocked.Exchange(ref _nextSignal, NewSignal()).SetResult();

    /// <summary>Migrates the database: the application may use the inbox before the worker has done so.</summary>
    public Task MigrateAsync(CancellationToken cancellationToken) => database.MigrateAsync(cancellationToken);

    /// <summary>Stores each message before its notification gets a 200. If the database throws, it gets a 500, and the service retries.</summary>
    public async Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken)
    {
        if (await StoreAsync(notification.BusinessId, notification.ChatId, notification.MessageId, cancellationToken).ConfigureAwait(false))
        {
            Raise();
        }
    }

    /// <summary>Stores a message that a notification announced, unless it is stored already.</summary>
    /// <returns>Whether it is new.</returns>
    public async Task<bool> StoreAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken)
    {
        var now = Now;
        var state = Transition.Store.To.ToString();
        return await database.WriteAsync(
            context => context.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "ChatsMessages" ("BusinessId", "ChatId", "MessageId", "State", "ChangedAt", "NextAttemptAt", "IsFromCustomer", "Attempts", "Failures", "LeaseUntil")
                VALUES ({businessId}, {chatId}, {messageId}, {state}, {now}, {now}, {false}, 0, 0, 0)
                ON CONFLICT ("BusinessId", "ChatId", "MessageId") DO NOTHING
                """,
                CancellationToken.None),
            cancellationToken).ConfigureAwait(false) == 1;
    }

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

    /// <summary>Whether an earlier message of the chat, or one in doubt, has to be resolved first.</summary>
    public Task<bool> MustWaitAsync(MessageRow row, CancellationToken cancellationToken) => database.RunAsync(
        context => context.Messages.AnyAsync(
            other => other.BusinessId == row.BusinessId && other.ChatId == row.ChatId
                && (other.State == MessageState.InDoubt || (other.State == MessageState.Received && other.MessageId < row.MessageId)),
            cancellationToken),
        cancellationToken);

    /// <summary>Commits the text and the start time of its send. Send it only if this returns true.</summary>
    public async Task<bool> BeginSendAsync(MessageRow row, string reply, CancellationToken cancellationToken)
    {
        var now = Now;
        var isHeld = await MoveAsync(
            Transition.BeginSend,
            Held(row),
            set => set.SetProperty(message => message.ReplyText, reply)
                .SetProperty(message => message.IsFromCustomer, true)
                .SetProperty(message => message.SendStartedAt, now),
            cancellationToken).ConfigureAwait(false);
        (row.ReplyText, row.IsFromCustomer) = isHeld ? (reply, true) : (row.ReplyText, row.IsFromCustomer);
        return isHeld;
    }

    public Task<bool> ConfirmAsync(MessageRow row, CancellationToken cancellationToken) =>
        MoveAsync(Transition.Confirm, Held(row), _ => { }, cancellationToken);

    public Task<bool> DoubtAsync(MessageRow row, string failure, CancellationToken cancellationToken) =>
        MoveAsync(Transition.Doubt, Held(row), set => set.SetProperty(message => message.LastFailure, failure), cancellationToken);

    public Task<bool> FinishAsync(MessageRow row, CancellationToken cancellationToken) =>
        MoveAsync(Transition.Finish, Held(row), _ => { }, cancellationToken);

    /// <summary>Gives up the claim; nothing was sent.</summary>
    public Task<bool> ReleaseAsync(MessageRow row, CancellationToken cancellationToken) => MoveAsync(
        Transition.Release,
        Held(row),
        set => set.SetProperty(message => message.IsFromCustomer, row.IsFromCustomer).SetProperty(message => message.SendStartedAt, (long?)null),
        cancellationToken);

    /// <summary>Stores a failure after which certainly nothing was sent: the message is retried after a delay or, after too many failures, needs a
    /// human.</summary>
    public async Task<bool> FailAsync(MessageRow row, AttemptFailure failure, CancellationToken cancellationToken)
    {
        var failures = row.Failures + (failure.IsTransient ? 0 : 1);
        var isTooMany = failures >= options.Value.MaxFailures || row.Attempts + 1 >= options.Value.MaxAttempts;
        var next = Now + (long)options.Value.DelayAfter(row.Attempts, failure.RetryAfter).TotalMilliseconds;
        var moved = await MoveAsync(
            isTooMany ? Transition.GiveUp : Transition.Retry,
            Held(row),
            set => set.SetProperty(message => message.Attempts, row.Attempts + 1)
                .SetProperty(message => message.Failures, failures)
                .SetProperty(message => message.LastFailure, failure.Reason)
                .SetProperty(message => message.NextAttemptAt, next)
                .SetProperty(message => message.SendStartedAt, (long?)null),
            cancellationToken).ConfigureAwait(false);
        if (moved && isTooMany)
        {
            NeedsAttention(ToItem(row, mayHaveBeenSent: false, failure.Reason, clock.GetUtcNow()));
        }

        return moved;
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

    private static Expression<Func<MessageRow, bool>> Held(MessageRow row)
    {
        var (id, token) = (row.Id, row.LeaseToken);
        return message => message.Id == id && message.LeaseToken == token;
    }

    private async Task<bool> MoveAsync(
        Transition transition,
        Expression<Func<MessageRow, bool>> which,
        Action<UpdateSettersBuilder<MessageRow>> set,
        CancellationToken cancellationToken) => await database.WriteAsync(
            context => MoveAsync(context, transition, which, set),
            cancellationToken).ConfigureAwait(false) > 0;

    private Task<int> MoveAsync(
        ResponderContext context,
        Transition transition,
        Expression<Func<MessageRow, bool>> which,
        Action<UpdateSettersBuilder<MessageRow>>? set = null)
    {
        var now = Now;
        return context.Messages.Where(message => transition.From.Contains(message.State)).Where(which).ExecuteUpdateAsync(
            setters =>
            {
                setters.SetProperty(message => message.State, transition.To).SetProperty(message => message.ChangedAt, now);
                // So that a slow worker cannot change what another worker, or a human, decides afterwards.
                if (!transition.KeepsLease)
                {
                    setters.SetProperty(message => message.LeaseToken, (Guid?)null);
                }

                set?.Invoke(setters);
            },
            CancellationToken.None);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
