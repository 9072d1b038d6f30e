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

    public Task<ChatMessage> GetChatMessageAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default) =>
        ObserveAsync(
            ChatsOperations.GetChatMessage,
            businessId,
            chatId,
            messageId,
            static (client, ids, token) => client.GetChatMessageAsync(ids.Business, ids.Chat, ids.Message, token),
            (Business: businessId, Chat: chatId, Message: messageId),
            cancellationToken);

    public Task SendMessageToChatAsync(long businessId, long chatId, string message, CancellationToken cancellationToken = default) =>
        ObserveAsync(
            ChatsOperations.SendMessageToChat,
            businessId,
            chatId,
            messageId: null,
            static async (client, call, token) =>
            {
                await client.SendMessageToChatAsync(call.Business, call.Chat, call.Text, token).ConfigureAwait(false);
                return true;
            },
            (Business: businessId, Chat: chatId, Text: message),
            cancellationToken);

    private async Task<TResult> ObserveAsync<TCall, TResult>(
        ChatsOperation operation,
        long businessId,
        long chatId,
        long? messageId,
        Func<ChatsClient, TCall, CancellationToken, Task<TResult>> make,
        TCall call,
        CancellationToken cancellationToken)
    {
        using var activity = ChatsMetrics.Start(operation, _options, businessId, chatId, messageId);
        var start = _clock.GetTimestamp();
        try
        {
            var result = await make(Client(), call, cancellationToken).ConfigureAwait(false);
            var duration = _clock.GetElapsedTime(start);
            _metrics.Ended(operation, duration, error: null);
            _log.Done(operation.Id, businessId, chatId, duration.TotalMilliseconds);
            return result;
        }
        catch (Exception exception)
        {
            var duration = _clock.GetElapsedTime(start);
            var status = StatusOf(exception);
            var error = status?.ToString(CultureInfo.InvariantCulture) ?? exception.GetType().FullName!;
            var mayHaveBeenSent = !operation.IsRead && exception is ChatsException { MayHaveBeenSent: true } or OperationCanceledException;
            _metrics.Ended(operation, duration, error);
            _log.Failed(operation.Id, businessId, chatId, error, duration.TotalMilliseconds, mayHaveBeenSent);
            activity?.SetTag("error.type", error);
            activity?.SetTag("http.response.status_code", status);
            activity?.SetTag("chats.may_have_been_sent", mayHaveBeenSent);
            // No description: an exception of somebody else's handler could quote anything.
            activity?.SetStatus(ActivityStatusCode.Error);
            throw;
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
