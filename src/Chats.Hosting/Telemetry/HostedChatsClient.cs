using System.Diagnostics;
using System.Globalization;

namespace YandexMarket.Chats.Hosting;

/// <summary>What is resolved as <see cref="IChatsClient"/>: the client, with one activity, one measurement and one log line for a call.</summary>
internal sealed class HostedChatsClient : IChatsClient
{
    private readonly ChatsClientOptions _options;
    private readonly ChatsMetrics _metrics;
    private readonly ChatsLog _log;
    private readonly TimeProvider _clock;
#if NET
    private readonly ChatsClient _client;
#else
    private static readonly TimeSpan _handlerLifetime = TimeSpan.FromMinutes(2);

    private readonly Func<ChatsClient> _create;
    private Generation _current;
#endif

    public HostedChatsClient(Func<ChatsClient> create, ChatsClientOptions options, ChatsMetrics metrics, ChatsLog log)
    {
        _options = options;
        _metrics = metrics;
        _log = log;
        _clock = options.TimeProvider;
#if NET
        _client = create();
#else
        _create = create;
        _current = new Generation(create(), _clock.GetTimestamp());
#endif
    }

    private bool IsObserved => _metrics.IsObserved || _log.LogsFailures;

    public Task<ChatMessage> GetChatMessageAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default) =>
        !IsObserved
            ? Client().GetChatMessageAsync(businessId, chatId, messageId, cancellationToken)
            : ObserveAsync(
                ChatsOperations.GetChatMessage,
                (businessId, chatId, messageId),
                static (client, ids, text, token) => client.GetChatMessageAsync(ids.Business, ids.Chat, ids.Message!.Value, token),
                static read => ((Task<ChatMessage>)read).GetAwaiter().GetResult(),
                text: null,
                cancellationToken);

    public Task SendMessageToChatAsync(long businessId, long chatId, string message, CancellationToken cancellationToken = default) =>
        !IsObserved
            ? Client().SendMessageToChatAsync(businessId, chatId, message, cancellationToken)
            : ObserveAsync(
                ChatsOperations.SendMessageToChat,
                (businessId, chatId, null),
                static (client, ids, text, token) => client.SendMessageToChatAsync(ids.Business, ids.Chat, text!, token),
                static _ => true,
                message,
                cancellationToken);

    private async Task<TResult> ObserveAsync<TResult>(
        ChatsOperation operation,
        (long Business, long Chat, long? Message) ids,
        Func<ChatsClient, (long Business, long Chat, long? Message), string?, CancellationToken, Task> begin,
        Func<Task, TResult> resultOf,
        string? text,
        CancellationToken cancellationToken)
    {
        Activity? activity = null;
        Observer.Notify(() => activity = ChatsMetrics.Start(operation, _options, ids.Business, ids.Chat, ids.Message));
        var start = _clock.GetTimestamp();
        try
        {
            var call = begin(Client(), ids, text, cancellationToken);
            await call.ConfigureAwait(false);
            var duration = _clock.GetElapsedTime(start);
            Observer.Notify(() => _metrics.Ended(operation, duration, error: null));
            _log.Done(operation.Id, ids.Business, ids.Chat, duration.TotalMilliseconds);
            return resultOf(call);
        }
        catch (Exception exception)
        {
            var duration = _clock.GetElapsedTime(start);
            var status = StatusOf(exception);
            var error = status?.ToString(CultureInfo.InvariantCulture) ?? exception.GetType().FullName!;
            // Anything else is the refusal of an argument or of a disposed client.
            var mayHaveBeenSent = exception is ChatsException { MayHaveBeenSent: true } or ChatsCanceledException { MayHaveBeenSent: true };
            Observer.Notify(() =>
            {
                _metrics.Ended(operation, duration, error);
                activity?.SetTag("error.type", error);
                activity?.SetTag("http.response.status_code", status);
                activity?.SetTag("chats.may_have_been_sent", mayHaveBeenSent);
                // No description: an exception of somebody else's key provider could quote anything.
                activity?.SetStatus(ActivityStatusCode.Error);
            });
            _log.Failed(operation.Id, ids.Business, ids.Chat, error, duration.TotalMilliseconds, mayHaveBeenSent);
            throw;
        }
        finally
        {
            Observer.Notify(() => activity?.Dispose());
        }
    }

    private static int? StatusOf(Exception exception) => exception switch
    {
        ChatsApiException api => api.StatusCode,
        ChatsResponseException response => response.StatusCode,
        _ => null,
    };

#if NET
    private ChatsClient Client() => _client;
#else
    private sealed record Generation(ChatsClient Client, long Since);

    // This target's primary handler never renews its connections; the factory makes new ones, for new clients only.
    private ChatsClient Client()
    {
        var current = Volatile.Read(ref _current);
        if (_clock.GetElapsedTime(current.Since) >= _handlerLifetime)
        {
            current = new Generation(_create(), _clock.GetTimestamp());
            Volatile.Write(ref _current, current);
        }

        return current.Client;
    }
#endif
}
