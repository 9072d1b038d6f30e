using System.Diagnostics;
using System.Globalization;

namespace YandexMarket.Chats.Hosting;

/// <summary>One activity, one measurement and one log line for each call of a client.</summary>
internal sealed class CallObserver(ChatsClientOptions options, ChatsMetrics metrics, ChatsLog log) : IChatsCallObserver
{
    public bool IsEnabled => metrics.IsObserved || log.LogsFailures;

    public IChatsObservedCall Start(ChatsOperation operation, string url) => new Call(operation, url, options, metrics, log);

    private sealed class Call : IChatsObservedCall
    {
        private readonly ChatsOperation _operation;
        private readonly TimeProvider _clock;
        private readonly ChatsMetrics _metrics;
        private readonly ChatsLog _log;
        private readonly long _start;
        private readonly long _business;
        private readonly long? _chat;
        private Activity? _activity;

        public Call(ChatsOperation operation, string url, ChatsClientOptions options, ChatsMetrics metrics, ChatsLog log)
        {
            (_operation, _clock, _metrics, _log) = (operation, options.TimeProvider, metrics, log);
            _business = UrlIds.Business(url);
            _chat = UrlIds.Find(url, "chatId=") ?? UrlIds.Find(url, "/chats/");
            Observer.Notify(() => _activity = ChatsMetrics.Start(operation, options, _business, _chat, UrlIds.Find(url, "messageId=")));
            _start = _clock.GetTimestamp();
        }

        public void Ended(Exception? exception)
        {
            var duration = _clock.GetElapsedTime(_start);
            var status = StatusOf(exception);
            var error = exception is null ? null : status?.ToString(CultureInfo.InvariantCulture) ?? exception.GetType().FullName!;
            // Any other exception comes from a disposed client.
            var mayHaveBeenSent = exception is ChatsException { MayHaveBeenSent: true } or ChatsCanceledException { MayHaveBeenSent: true };
            Observer.Notify(() =>
            {
                _metrics.Ended(_operation, duration, error);
                if (error is not null)
                {
                    _activity?.SetTag("error.type", error);
                    _activity?.SetTag("http.response.status_code", status);
                    _activity?.SetTag("chats.may_have_been_sent", mayHaveBeenSent);
                    // No description: a key provider's exception could contain anything.
                    _activity?.SetStatus(ActivityStatusCode.Error);
                }
            });
            if (error is null)
            {
                _log.Done(_operation.Id, _business, _chat, duration.TotalMilliseconds);
            }
            else
            {
                _log.Failed(_operation.Id, _business, _chat, error, duration.TotalMilliseconds, mayHaveBeenSent);
            }

            Observer.Notify(() => _activity?.Dispose());
        }

        private static int? StatusOf(Exception? exception) => exception switch
        {
            ChatsApiException api => api.StatusCode,
            ChatsResponseException response => response.StatusCode,
            _ => null,
        };
    }
}

/// <summary>Reads ids from a URL as text, because the properties of a Uri allocate on each use.</summary>
internal static class UrlIds
{
    public static long Business(string url) => Find(url, "/businesses/").GetValueOrDefault();

    /// <summary>The digits after the last occurrence of a text; null if there are none.</summary>
    public static long? Find(string url, string before)
    {
        var start = url.LastIndexOf(before, StringComparison.Ordinal);
        long? id = null;
        for (var i = start + before.Length; start >= 0 && i < url.Length && url[i] is >= '0' and <= '9'; i++)
        {
            id = (id.GetValueOrDefault() * 10) + (url[i] - '0');
        }

        return id;
    }
}
