using System.Text;

namespace YandexMarket.Chats.Wire;

/// <summary>Finds which limit a 420 is about. Both share the status, and only the text of the body names the limit. The body stays
/// readable.</summary>
internal static class LimitKindReader
{
    private const int MaxBodyBytes = 64 * 1024;

    /// <summary>The limit that a response names, even if its errors cannot be read.</summary>
    public static ChatsLimitKind FindLimit(HttpResponseMessage response, ResponseBody body) =>
        (int)response.StatusCode is 420 or 429 ? FindLimit(body.ToString()) : ChatsLimitKind.Unknown;

    private static ChatsLimitKind FindLimit(string text) =>
        text.Contains("parallel requests", StringComparison.OrdinalIgnoreCase) ? ChatsLimitKind.Parallel
        : text.Contains("requests per", StringComparison.OrdinalIgnoreCase) ? ChatsLimitKind.Hourly
        : ChatsLimitKind.Unknown;

    public static async ValueTask<ChatsLimitKind> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // On netstandard2.0 the content can be null.
        if (response.Content is null)
        {
            return ChatsLimitKind.Unknown;
        }

        try
        {
            // Before .NET 9 buffering takes no token: on cancellation the content is disposed and the read abandoned.
            using var abort = cancellationToken.Register(static content => Observer.Notify(static it => it.Dispose(), (HttpContent)content!), response.Content);
            return FindLimit(await ReadAllAsync(response.Content).WaitOrCancelAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception)
        {
            // Incomplete, stalled, corrupt or too long, or a handler's stream failed: the status remains, and the client finds no errors to read.
            Observer.Notify(static content => content.Dispose(), response.Content);
            // A handler may have disposed the response as well.
            Observer.Notify(static response => response.Content = new ByteArrayContent([]), response);
            return ChatsLimitKind.Unknown;
        }
    }

    /// <summary>Buffered inside the content, so a later reader gets the same bytes.</summary>
    private static async ValueTask<string> ReadAllAsync(HttpContent content)
    {
        await content.LoadIntoBufferAsync(MaxBodyBytes).ConfigureAwait(false);
        return Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync().ConfigureAwait(false));
    }
}
