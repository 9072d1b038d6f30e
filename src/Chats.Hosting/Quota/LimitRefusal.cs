using System.Text;

namespace YandexMarket.Chats.Hosting;

/// <summary>Which limit a 420 is about. Only the text of its body says so; the body stays readable for the client.</summary>
internal static class LimitRefusal
{
    private const int LongestBody = 64 * 1024;

    public static bool Is(HttpResponseMessage response) => (int)response.StatusCode is 420 or 429;

    public static async ValueTask<ChatsLimitKind> KindAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // netstandard2.0 knows answers without a content.
        if (!Is(response) || response.Content is null)
        {
            return ChatsLimitKind.Unknown;
        }

        try
        {
            // Buffered inside the content itself: whoever reads it later gets the same bytes.
#if NET
            await response.Content.LoadIntoBufferAsync(LongestBody, cancellationToken).ConfigureAwait(false);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
#else
            using var abort = cancellationToken.Register(static answer => ((HttpResponseMessage)answer!).Dispose(), response);
            await response.Content.LoadIntoBufferAsync(LongestBody).ConfigureAwait(false);
            var bytes = await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
#endif
            return KindIn(Encoding.UTF8.GetString(bytes));
        }
        catch (Exception exception) when (Failure.IsOfTransport(exception) || Failure.IsOfCompression(exception))
        {
            // Cut, stalled, broken or too long: the status stands, and the client finds no errors to read.
            using var unread = response.Content;
            response.Content = new ByteArrayContent([]);
            return ChatsLimitKind.Unknown;
        }
    }

    private static ChatsLimitKind KindIn(string text) =>
        text.Contains("parallel requests", StringComparison.OrdinalIgnoreCase) ? ChatsLimitKind.Parallel
        : text.Contains("requests per", StringComparison.OrdinalIgnoreCase) ? ChatsLimitKind.Hourly
        : ChatsLimitKind.Unknown;
}
