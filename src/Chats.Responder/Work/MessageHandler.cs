using System.Data.Common;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Work;

/// <summary>Handles a claimed message.</summary>
internal sealed class MessageHandler(
    MessageStore store, Func<long, IChatsClient> clientOf, IServiceScopeFactory scopes, ChatsResponderOptions options, TimeProvider clock, AttentionCallback attention, ResponderLog log)
{
    /// <summary>The contract's limit for a text.</summary>
    private const int MaxTextLength = 4096;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="row">The message, claimed.</param>
    /// <param name="stopping">Canceled when the host stops: nothing new is started.</param>
    /// <param name="forcedStop">Canceled when sends in progress must end.</param>
    public async Task HandleAsync(MessageRow row, CancellationToken stopping, CancellationToken forcedStop)
    {
        if (row.Failures >= options.MaxFailures)
        {
            await FailAsync(row, row.Answer, new("The process died, or lost its lease, too often while handling the message.", IsTransient: false), forcedStop).ConfigureAwait(false);
            return;
        }

        var answer = row.Answer;
        IChatsClient client;
        try
        {
            client = clientOf(row.BusinessId);
        }
        catch (Exception failure)
        {
            await FailAsync(row, answer, new($"No client for business {row.BusinessId}: {failure.GetType().Name}.", IsTransient: true), forcedStop).ConfigureAwait(false);
            return;
        }

        if (answer is null)
        {
            try
            {
                answer = await ComposeAsync(client, row, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                await store.ReleaseAsync(row, row.IsFromCustomer, CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (AttemptException failed)
            {
                await FailAsync(row, null, failed.Failure, forcedStop).ConfigureAwait(false);
                return;
            }
        }

        if (answer is null)
        {
            return;
        }

        if (stopping.IsCancellationRequested)
        {
            await store.ReleaseAsync(row, isCustomers: true, CancellationToken.None).ConfigureAwait(false);
        }
        else if (!CanBeSent(answer))
        {
            // Found before the send begins, because afterwards only the client's own exceptions prove that nothing was sent.
            await FailAsync(
                row,
                answer,
                new(
                    $"The text has {answer.Length} characters; it must have 1 to {MaxTextLength}, not only white space, no U+0000 and no unpaired surrogate " +
                    "(split texts between characters).",
                    IsTransient: false),
                forcedStop).ConfigureAwait(false);
        }
        else if (await BeginSendAsync(row, answer, forcedStop).ConfigureAwait(false))
        {
            await SendAsync(client, row, answer, forcedStop).ConfigureAwait(false);
        }
    }

    private async Task<bool> BeginSendAsync(MessageRow row, string answer, CancellationToken forcedStop)
    {
        try
        {
            return await store.BeginSendAsync(row, answer, forcedStop).ConfigureAwait(false);
        }
        catch (DbException failure) when (!failure.IsTransient)
        {
            // For example a character that the database cannot store.
            await FailAsync(row, answer, new($"The text could not be stored: {ResponderLog.Describe(failure)}.", IsTransient: true), forcedStop).ConfigureAwait(false);
            return false;
        }
    }

    /// <returns>The text to send; null if there is nothing to send.</returns>
    private async Task<string?> ComposeAsync(IChatsClient client, MessageRow row, CancellationToken stopping)
    {
        var message = await AttemptException.WrapAsync(() => client.GetChatMessageAsync(row.BusinessId, row.ChatId, row.MessageId, stopping), stopping).ConfigureAwait(false);
        if (message.Sender == ChatMessageSender.Partner)
        {
            if (await store.ProveAsync(row, message.Message, message.CreatedAt, CancellationToken.None).ConfigureAwait(false))
            {
                log.Proved(row.BusinessId, row.ChatId, row.MessageId);
            }

            return null;
        }

        if (message.Sender != ChatMessageSender.Customer)
        {
            await store.FinishAsync(row, CancellationToken.None).ConfigureAwait(false);
            return null;
        }

        if (!row.IsFromCustomer && await store.MustWaitAsync(row, stopping).ConfigureAwait(false))
        {
            await store.ReleaseAsync(row, isCustomers: true, CancellationToken.None).ConfigureAwait(false);
            return null;
        }

        var answer = await RespondAsync(new(row.BusinessId, row.ChatId, message), stopping).ConfigureAwait(false);
        if (answer is null)
        {
            await store.FinishAsync(row, CancellationToken.None).ConfigureAwait(false);
        }

        return answer;
    }

    private static bool CanBeSent(string answer)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(answer) && answer.Length <= MaxTextLength && !answer.Contains('\0') && _strict.GetByteCount(answer) > 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private async Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(options.RespondTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        // On another thread, so that the timeout also ends the wait for a responder that blocks.
        var responding = AttemptException.WrapAsync(() => Task.Run(() => RespondInScopeAsync(message, either.Token), either.Token), stopping);
        try
        {
            return await responding.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception) when (timeout.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            // A responder that ignores its token is abandoned; nobody else observes its exception.
            _ = responding.ContinueWith(late => late.Exception, TaskScheduler.Default);
            throw new AttemptException(new($"The responder did not return within {options.RespondTimeout}.", IsTransient: false));
        }
    }

    private async Task<string?> RespondInScopeAsync(IncomingChatMessage message, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            return await scope.ServiceProvider.GetRequiredService<IChatsResponder>().RespondAsync(message, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(IChatsClient client, MessageRow row, string answer, CancellationToken forcedStop)
    {
        Func<Task> record;
        try
        {
            await client.SendMessageToChatAsync(row.BusinessId, row.ChatId, answer, forcedStop).ConfigureAwait(false);
            record = () => store.ConfirmAsync(row, CancellationToken.None);
        }
        catch (ChatsException exception) when (exception is { MayHaveBeenSent: false, Operation.IsRead: false })
        {
            record = () => FailAsync(row, answer, AttemptException.Describe(exception), forcedStop);
        }
        catch (ChatsCanceledException failure) when (failure is { MayHaveBeenSent: false, Operation.IsRead: false })
        {
            record = () => store.ReleaseAsync(row, isCustomers: true, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // Only those exceptions prove that nothing was sent: a decorator of the client can throw any other after the send, even that of a read.
            record = () => store.DoubtAsync(row, AttemptException.Reason(failure), CancellationToken.None);
            log.InDoubt(row.BusinessId, row.ChatId, row.MessageId, AttemptException.Reason(failure));
        }

        await RecordAsync(record, row, forcedStop).ConfigureAwait(false);
    }

    /// <summary>
    /// The outcome of a send is known only here, so this waits for an unavailable database. The end of the shutdown timeout ends the wait, for one
    /// last attempt.
    /// </summary>
    private async Task RecordAsync(Func<Task> record, MessageRow row, CancellationToken forcedStop)
    {
        for (var attempt = 0; ; attempt++)
        {
            var isLast = forcedStop.IsCancellationRequested;
            try
            {
                await record().ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (!isLast)
            {
                log.NotRecorded(row.BusinessId, row.ChatId, row.MessageId, ResponderLog.Describe(failure));
                await Task.Delay(ResponderDatabase.DelayAfter(attempt), clock, forcedStop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FailAsync(MessageRow row, string? answer, AttemptFailure failure, CancellationToken forcedStop)
    {
        log.Failed(failure.IsLocalLimit ? LogLevel.Debug : LogLevel.Warning, row.BusinessId, row.ChatId, row.MessageId, failure.Reason);
        if (await store.FailAsync(row, failure, CancellationToken.None).ConfigureAwait(false))
        {
            attention.Start(MessageStore.ToItem(row, answer, mayHaveBeenSent: false, failure.Reason, clock.GetUtcNow()), forcedStop);
        }
    }
}
