using Microsoft.Extensions.Http;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// The last handler before the network: ours, or one that the application set for this client or for all its clients. That one is kept, but
/// it must not follow redirects, which would send the key to another host, and for a loopback service it must not use the environment's proxy.
/// </summary>
internal static class PrimaryHandler
{
    /// <exception cref="InvalidOperationException">The handler must be changed but was used before.</exception>
    public static void Secure(HttpMessageHandler handler, Uri baseAddress)
    {
        switch (handler)
        {
            case DelegatingHandler { InnerHandler: { } inner }:
                Secure(inner, baseAddress);
                break;
            case HttpClientHandler http:
                Change(http.AllowAutoRedirect, () => http.AllowAutoRedirect = false);
                Change(baseAddress.IsLoopback && http is { UseProxy: true, Proxy: null }, () => http.UseProxy = false);
                break;
#if NET
            case SocketsHttpHandler sockets:
                Change(sockets.AllowAutoRedirect, () => sockets.AllowAutoRedirect = false);
                Change(baseAddress.IsLoopback && sockets is { UseProxy: true, Proxy: null }, () => sockets.UseProxy = false);
                Change(sockets.ActivityHeadersPropagator is not null, () => sockets.ActivityHeadersPropagator = null);
                break;
#endif
        }
    }

    /// <summary>
    /// Puts the <see cref="ChatsSendOnceHandler"/> directly before the network: after all handlers, or at the end of a primary handler that is a
    /// chain, whose handlers could retry. One that the application added is moved, because the second of two in a row would reject a text that a
    /// handler has read.
    /// </summary>
    public static void Guard(HttpMessageHandlerBuilder handlers)
    {
        foreach (var guard in handlers.AdditionalHandlers.OfType<ChatsSendOnceHandler>().ToList())
        {
            handlers.AdditionalHandlers.Remove(guard);
        }

        while (handlers.PrimaryHandler is ChatsSendOnceHandler { InnerHandler: { } guarded })
        {
            handlers.PrimaryHandler = guarded;
        }

        DelegatingHandler? last = null;
        for (var next = handlers.PrimaryHandler;
            next is DelegatingHandler { InnerHandler: { } inner } chained && next.GetType().Assembly != typeof(ChatsClient).Assembly;
            next = inner)
        {
            last = chained;
        }

        if (last is null)
        {
            handlers.AdditionalHandlers.Add(new ChatsSendOnceHandler());
        }
        else if (last.InnerHandler is not ChatsSendOnceHandler)
        {
            Change(isNeeded: true, () => last.InnerHandler = new ChatsSendOnceHandler(last.InnerHandler!));
        }
    }

    private static void Change(bool isNeeded, Action change)
    {
        if (!isNeeded)
        {
            return;
        }

        try
        {
            change();
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException(
                "The primary handler of the chat client was used before and can no longer be changed. Give the client its own handler, or create " +
                "it with AllowAutoRedirect = false and ActivityHeadersPropagator = null, and for a loopback service with UseProxy = false; a chain of " +
                "handlers must end with a ChatsSendOnceHandler.",
                exception);
        }
    }
}
