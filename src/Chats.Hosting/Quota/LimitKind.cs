namespace YandexMarket.Chats.Hosting;

/// <summary>Which limit a 420 is about. Only the text of its body says so; the body stays readable for the client.</summary>
internal static class LimitKind
{
    private const int LongestBody = 64 * 1024;

    public static bool IsLimit(HttpResponseMessage response) => (int)response.StatusCode is 420 or 429;

    public static async ValueTask<ChatsLimitKind> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // netstandard2.0 knows responses without a content.
        if (!IsLimit(response) || response.Content is null)
        {
            return ChatsLimitKind.Unknown;
        }

        try
        {
            return ErrorDetails.LimitIn(await TextAsync(response.Content, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (ChatsExceptionFactory.IsNetworkFailure(exception) || ChatsExceptionFactory.IsDecompressionFailure(exception))
        {
            // Cut, stalled, broken or too long: the status stands, and the client finds no errors to read.
            using var unread = response.Content;
            response.Content = new ByteArrayContent([]);
            return ChatsLimitKind.Unknown;
        }
    }

    // Buffered inside the content itself: whoever reads it later gets the same bytes.
#if NET
    private static async ValueTask<string> TextAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await content.LoadIntoBufferAsync(LongestBody, cancellationToken).ConfigureAwait(false);
        return System.Text.Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }
#else
    private static async ValueTask<string> TextAsync(HttpContent content, CancellationToken cancellationToken)
    {
        // Nothing here listens to a token: what it reads from is closed under it, and it is abandoned.
        using var abort = cancellationToken.Register(static content => ((HttpContent)content!).Dispose(), content);
        return await ReadAllAsync().OrCanceledAsync(cancellationToken).ConfigureAwait(false);

        async ValueTask<string> ReadAllAsync()
        {
            await content.LoadIntoBufferAsync(LongestBody).ConfigureAwait(false);
            return System.Text.Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync().ConfigureAwait(false));
        }
    }
#endif
}
