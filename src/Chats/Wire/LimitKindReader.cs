namespace YandexMarket.Chats.Wire;

/// <summary>Finds which limit a 420 is about. Both share the status, and only the text of the body names the limit. The body stays
/// readable.</summary>
internal static class LimitKindReader
{
    private const int MaxBodyBytes = 64 * 1024;

    /// <summary>The limit that the body of a response names, even if its errors cannot be read. Unknown if the body is incomplete.</summary>
    public static ChatsLimitKind Find(ResponseBody body)
    {
        var text = body.Fault is null ? body.ToString() : "";
        return text.Contains("parallel requests", StringComparison.OrdinalIgnoreCase) ? ChatsLimitKind.Parallel
            : text.Contains("requests per", StringComparison.OrdinalIgnoreCase) ? ChatsLimitKind.Hourly
            : ChatsLimitKind.Unknown;
    }

    public static async ValueTask<ChatsLimitKind> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = await ResponseBody.ReadAsync(response, MaxBodyBytes, cancellationToken).ConfigureAwait(false);
        var original = response.Content;
        // A handler may have disposed the response.
        Observer.Notify(() => response.Content = body.ToContent(original));
        Observer.Dispose(original);
        return Find(body);
    }
}
