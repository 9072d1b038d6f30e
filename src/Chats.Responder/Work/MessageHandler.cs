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
    /// <param name="lease">Canceled when the lease ends, because it was not renewed.</param>
    /// <param name="stopping">Canceled when the host stops: nothing new is started.</param>
    /// <param name="forcedStop">Canceled when sends in progress must end.</param>
    public async Task HandleAsync(MessageRow row, CancellationToken lease, CancellationToken stopping, CancellationToken forcedStop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lease, forcedStop);
        var held = either.Token;
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
            await FailAsync(row, answer, new($"No client for business {row.BusinessId}: {failure.GetType().Name}. Check AddChatsClient and UseClient.", IsTransient: true), forcedStop).ConfigureAwait(false);
            return;
        }

        if (answer is null)
        {
            try
            {
                answer = await ComposeAsync(client, row, stopping, forcedStop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                await RetryAsync(() => store.ReleaseAsync(row, row.IsFromCustomer, CancellationToken.None), row, forcedStop).ConfigureAwait(false);
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
            await RetryAsync(() => store.ReleaseAsync(row, isCustomers: true, CancellationToken.None), row, forcedStop).ConfigureAwait(false);
        }
        else if (!CanBeSent(answer))
        {
            // Found before the send begins, because afterwards only the client's own exceptions prove that nothing was sent.
            await FailAsync(
                row,
                row.Answer,
                new(
                    $"The text has {answer.Length} characters; it must have 1 to {MaxTextLength}, not only white space, no U+0000 and no unpaired surrogate " +
                    "(split texts between characters).",
                    IsTransient: false),
                forcedStop).ConfigureAwait(false);
        }
        else if (await BeginSendAsync(row, answer, held, forcedStop).ConfigureAwait(false))
        {
            await SendAsync(client, row, answer, held, forcedStop).ConfigureAwait(false);
        }
    }

    private async Task<bool> BeginSendAsync(MessageRow row, string answer, CancellationToken held, CancellationToken forcedStop)
    {
        try
        {
            var start = 0L;
            Task<bool> TryAsync()
            {
                start = clock.GetTimestamp();
                return store.BeginSendAsync(row, answer, forcedStop);
            }

            var begun = await RetryAsync(TryAsync, row, held, maxAttempts: 3).ConfigureAwait(false);
            if (!begun || (clock.GetElapsedTime(start) < options.LeaseDuration && !held.IsCancellationRequested))
            {
                return begun;
            }

            // The process was frozen, perhaps for so long that a human has looked into the chat and sent the text again.
            await RetryAsync(() => store.ReleaseAsync(row, isCustomers: true, CancellationToken.None), row, forcedStop).ConfigureAwait(false);
        }
        catch (DbException failure)
        {
            // For example a character that the database cannot store.
            await FailAsync(row, row.Answer, new($"The text could not be stored: {ResponderLog.Describe(failure)}.", IsTransient: true), forcedStop).ConfigureAwait(false);
        }

        return false;
    }

    /// <returns>The text to send; null if there is nothing to send.</returns>
    private async Task<string?> ComposeAsync(IChatsClient client, MessageRow row, CancellationToken stopping, CancellationToken forcedStop)
    {
        var message = await AttemptException.WrapAsync(() => client.GetChatMessageAsync(row.BusinessId, row.ChatId, row.MessageId, stopping), stopping).ConfigureAwait(false);
        if (message.Sender == ChatMessageSender.Partner)
        {
            if (await RetryAsync(() => store.ProveAsync(row, message.Message, message.CreatedAt, CancellationToken.None), row, forcedStop).ConfigureAwait(false))
            {
                log.Proved(row.BusinessId, row.ChatId, row.MessageId);
            }

            return null;
        }

        if (message.Sender != ChatMessageSender.Customer)
        {
            await RetryAsync(() => store.FinishAsync(row, CancellationToken.None), row, forcedStop).ConfigureAwait(false);
            return null;
        }

        if (!row.IsFromCustomer && await RetryAsync(() => store.MustWaitAsync(row, stopping), row, stopping).ConfigureAwait(false))
        {
            await RetryAsync(() => store.ReleaseAsync(row, isCustomers: true, CancellationToken.None), row, forcedStop).ConfigureAwait(false);
            return null;
        }

        var answer = await RespondAsync(new(row.BusinessId, row.ChatId, message), stopping).ConfigureAwait(false);
        if (answer is null)
        {
            await RetryAsync(() => store.FinishAsync(row, CancellationToken.None), row, forcedStop).ConfigureAwait(false);
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

    private async Task SendAsync(IChatsClient client, MessageRow row, string answer, CancellationToken held, CancellationToken forcedStop)
    {
        Func<Task<bool>> record;
        try
        {
            await client.SendMessageToChatAsync(row.BusinessId, row.ChatId, answer, held).ConfigureAwait(false);
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

        await RetryAsync(record, row, forcedStop).ConfigureAwait(false);
    }

    /// <summary>
    /// Waits for an unavailable database: the reply need not be composed again, and the outcome of a send is known only here. The token ends the
    /// wait, for one last attempt. Every change is conditional on the claim, so it can be repeated.
    /// </summary>
    private async Task<T> RetryAsync<T>(Func<Task<T>> record, MessageRow row, CancellationToken until, int maxAttempts = int.MaxValue)
    {
        for (var attempt = 0; ; attempt++)
        {
            var isLast = until.IsCancellationRequested || attempt == maxAttempts - 1;
            try
            {
                return await record().ConfigureAwait(false);
            }
            catch (Exception failure) when (!isLast)
            {
                log.NotRecorded(row.BusinessId, row.ChatId, row.MessageId, ResponderLog.Describe(failure));
                await Task.Delay(ResponderDatabase.DelayAfter(attempt), clock, until).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> FailAsync(MessageRow row, string? answer, AttemptFailure failure, CancellationToken forcedStop)
    {
        log.Failed(failure.IsLocalLimit ? LogLevel.Debug : LogLevel.Warning, row.BusinessId, row.ChatId, row.MessageId, failure.Reason);
        var needsHuman = await RetryAsync(() => store.FailAsync(row, failure, CancellationToken.None), row, forcedStop).ConfigureAwait(false);
        if (needsHuman)
        {
            attention.Start(MessageStore.ToItem(row, answer, mayHaveBeenSent: false, failure.Reason, clock.GetUtcNow()), forcedStop);
        }

        return needsHuman;
    }
}
