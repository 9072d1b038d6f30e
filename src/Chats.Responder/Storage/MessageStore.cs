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
