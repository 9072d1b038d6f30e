using System.Diagnostics;
using System.Globalization;

namespace YandexMarket.Chats.Hosting;

/// <summary>One activity, one measurement and one log line for each call of a client.</summary>
internal sealed class CallObserver(ChatsClientOptions options, ChatsMetrics metrics, ChatsLog log) : IChatsCallObserver
{
    public bool IsEnabled => metrics.IsObserved || log.LogsFailures;

    public Action<Exception?> Start(ChatsOperation operation, string url)
    {
        var business = UrlIds.Business(url);
        var chat = UrlIds.Find(url, "chatId=") ?? UrlIds.Find(url, "/chats/");
        Activity? activity = null;
        Observer.Notify(() => activity = ChatsMetrics.Start(operation, options, url, business, chat));
        var start = options.TimeProvider.GetTimestamp();
        return exception =>
        {
            var duration = options.TimeProvider.GetElapsedTime(start);
            var status = GetStatus(exception);
            var error = exception is null ? null : status?.ToString(CultureInfo.InvariantCulture) ?? exception.GetType().FullName!;
            var traceParent = (exception as ChatsApiException)?.TraceParent;
            // Any other exception comes from a disposed client.
            var mayHaveBeenSent = exception is ChatsException { MayHaveBeenSent: true } or ChatsCanceledException { MayHaveBeenSent: true };
            Observer.Notify(() => metrics.Ended(operation, duration, error));
            Observer.Notify(() =>
            {
                if (error is not null)
                {
                    activity?.SetTag("error.type", error);
                    activity?.SetTag("http.response.status_code", status);
                    activity?.SetTag("chats.trace_parent", traceParent);
                    activity?.SetTag("chats.may_have_been_sent", mayHaveBeenSent);
                    // No description: a key provider's exception could contain anything.
                    activity?.SetStatus(ActivityStatusCode.Error);
                }
            });
            if (error is null)
            {
                log.Done(operation.Id, business, chat, duration.TotalMilliseconds);
            }
            else
            {
                log.Failed(operation.Id, business, chat, error, duration.TotalMilliseconds, mayHaveBeenSent, traceParent ?? "none");
            }

            Observer.Notify(() => activity?.Dispose());
        };
    }

    private static int? GetStatus(Exception? exception) => exception switch
    {
        ChatsApiException api => api.StatusCode,
        ChatsResponseException response => response.StatusCode,
        _ => null,
    };
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
