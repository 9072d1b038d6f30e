using System.Buffers;
using System.Data.Common;
using System.Text.Unicode;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Work;

/// <summary>Handles a claimed message.</summary>
internal sealed class MessageHandler(
    MessageStore store, ClientOfBusiness clients, IServiceScopeFactory scopes, IOptions<ChatsResponderOptions> options,
    TimeProvider clock, ResponderLog log)
{
    /// <summary>The contract's limit for a text.</summary>
    private const int MaxTextLength = 4096;

    /// <param name="row">The message, claimed.</param>
    /// <param name="lease">Canceled when the lease ends, because it was not renewed.</param>
    /// <param name="stopping">Canceled when the host stops: nothing new is started.</param>
    /// <param name="forcedStop">Canceled when sends in progress must end.</param>
    public async Task HandleAsync(MessageRow row, CancellationToken lease, CancellationToken stopping, CancellationToken forcedStop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lease, forcedStop);
        Func<Task<bool>> record;
        try
        {
            record = await ReplyAsync(row, either.Token, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Only before a send: once the client has been called for it, SendAsync catches every exception.
            record = Release(row);
        }
        catch (AttemptException failed)
        {
            var failure = failed.Failure;
            log.Failed(failure.IsLocalLimit ? LogLevel.Debug : LogLevel.Warning, row.BusinessId, row.ChatId, row.MessageId, failure.Reason);
            record = () => store.FailAsync(row, failure, CancellationToken.None);
        }

        await RetryAsync(record, row, forcedStop).ConfigureAwait(false);
    }

    /// <returns>What stores the outcome; it can be repeated, because each change is conditional on the claim.</returns>
    private async Task<Func<Task<bool>>> ReplyAsync(MessageRow row, CancellationToken held, CancellationToken stopping)
    {
        if (row.Failures >= options.Value.MaxFailures)
        {
            throw new AttemptException(new("The process died, or lost its lease, too often while handling the message.", IsTransient: false));
        }

        IChatsClient client;
        try
        {
            client = clients.Choose(row.BusinessId);
        }
        catch (Exception failure)
        {
            var reason = $"No client for business {row.BusinessId}: {failure.GetType().Name}. Check AddChatsClient and UseClient.";
            throw new AttemptException(new(reason, IsTransient: true));
        }

        if (row.ReplyText is { } stored)
        {
            return await SendAsync(client, row, stored, held, stopping).ConfigureAwait(false);
        }

        var message = await AttemptException.WrapAsync(() => client.GetChatMessageAsync(row.BusinessId, row.ChatId, row.MessageId, stopping), stopping).ConfigureAwait(false);
        if (message.Sender == ChatMessageSender.Partner)
        {
            return () => ProveAsync(row, message);
        }

        if (message.Sender == ChatMessageSender.Customer)
        {
            var isNew = !row.IsFromCustomer;
            row.IsFromCustomer = true;
            if (isNew && await RetryAsync(() => store.MustWaitAsync(row, stopping), row, stopping).ConfigureAwait(false))
            {
                return Release(row);
            }

            if (await RespondAsync(new(row.BusinessId, row.ChatId, message), stopping).ConfigureAwait(false) is { } reply)
            {
                return await SendAsync(client, row, reply, held, stopping).ConfigureAwait(false);
            }
        }

        return () => store.FinishAsync(row, CancellationToken.None);
    }

    private Func<Task<bool>> Release(MessageRow row) => () => store.ReleaseAsync(row, CancellationToken.None);

    private async Task<bool> ProveAsync(MessageRow own, ChatMessage message)
    {
        var isProof = await store.ProveAsync(own, message.Message, message.CreatedAt, CancellationToken.None).ConfigureAwait(false);
        if (isProof)
        {
            log.Proved(own.BusinessId, own.ChatId, own.MessageId);
        }

        return isProof;
    }

    private static bool CanBeSent(string reply) =>
        !string.IsNullOrWhiteSpace(reply) && reply.Length <= MaxTextLength && !reply.Contains('\0')
        && Utf8.FromUtf16(reply, new byte[reply.Length * 3], out _, out _, replaceInvalidSequences: false) == OperationStatus.Done;

    private async Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(options.Value.RespondTimeout, clock);
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
            throw new AttemptException(new($"The responder did not return within {options.Value.RespondTimeout}.", IsTransient: false));
        }
    }

    private async Task<string?> RespondInScopeAsync(IncomingChatMessage message, CancellationToken cancellationToken)
    {
        var isResolved = false;
        try
        {
            var scope = scopes.CreateAsyncScope();
            await using var disposal = scope.ConfigureAwait(false);
            var responder = scope.ServiceProvider.GetRequiredService<IChatsResponder>();
            isResolved = true;
            return await responder.RespondAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (isResolved)
            {
                log.ResponderThrew(message.BusinessId, message.ChatId, message.Message.MessageId, ResponderLog.Trace(failure));
            }
            else
            {
                log.NotResolved(failure);
            }

            throw;
        }
    }

    private async Task<Func<Task<bool>>> SendAsync(IChatsClient client, MessageRow row, string reply, CancellationToken held, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        if (!CanBeSent(reply))
        {
            // Found before the send begins, because afterwards only the client's own exceptions prove that nothing was sent.
            var reason = $"The text has {reply.Length} characters; it must have 1 to {MaxTextLength}, not only white space, no U+0000 and no unpaired " +
                "surrogate (split texts between characters).";
            throw new AttemptException(new(reason, IsTransient: false));
        }

        try
        {
            var start = 0L;
            Task<bool> BeginAsync()
            {
                start = clock.GetTimestamp();
                return store.BeginSendAsync(row, reply, CancellationToken.None);
            }

            if (!await RetryAsync(BeginAsync, row, held, maxAttempts: 3).ConfigureAwait(false))
            {
                // Another worker, or a human, has the message now.
                return () => Task.FromResult(false);
            }

            if (clock.GetElapsedTime(start) >= options.Value.LeaseDuration || held.IsCancellationRequested)
            {
                // The process was frozen, perhaps for so long that a human has looked into the chat and sent the text again.
                return Release(row);
            }
        }
        catch (DbException failure)
        {
            // For example a character that the database cannot store.
            throw new AttemptException(new($"The text could not be stored: {ResponderLog.Describe(failure)}.", IsTransient: true));
        }

        try
        {
            await client.SendMessageToChatAsync(row.BusinessId, row.ChatId, reply, held).ConfigureAwait(false);
            return () => store.ConfirmAsync(row, CancellationToken.None);
        }
        catch (ChatsException failure) when (failure is { MayHaveBeenSent: false, Operation.IsRead: false })
        {
            throw new AttemptException(AttemptException.Describe(failure));
        }
        catch (ChatsCanceledException failure) when (failure is { MayHaveBeenSent: false, Operation.IsRead: false })
        {
            // The client may also have canceled it by itself, and may do so each time.
            return held.IsCancellationRequested ? Release(row) : throw new AttemptException(new(AttemptException.Reason(failure), IsTransient: true));
        }
        catch (Exception failure)
        {
            // Only those exceptions prove that nothing was sent: a decorator of the client can throw any other after the send, even that of a read.
            log.InDoubt(row.BusinessId, row.ChatId, row.MessageId, AttemptException.Reason(failure));
            return () => store.DoubtAsync(row, AttemptException.Reason(failure), CancellationToken.None);
        }
    }

    /// <summary>
    /// Waits for an unavailable database: the reply need not be composed again, and the outcome of a send is known only here. The token ends the
    /// wait, for one last attempt.
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
}
