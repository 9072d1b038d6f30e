using Microsoft.Extensions.Http.Logging;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// The last handler before the network: ours, or the application's, which must not follow redirects (they send the key to another host), use the
/// environment's proxy for a loopback service, or keep connections (a send would use one that the service is closing).
/// </summary>
internal static class PrimaryHandler
{
    /// <exception cref="InvalidOperationException">The handler must be changed but was used before.</exception>
    public static void Secure(HttpMessageHandler handler, ChatsClientOptions options)
    {
        var isLoopback = options.BaseAddress.IsLoopback;
        switch (handler)
        {
            case DelegatingHandler { InnerHandler: { } inner } when !IsOurs(handler):
                Secure(inner, options);
                break;
            case HttpClientHandler http:
                Change(http.AllowAutoRedirect, () => http.AllowAutoRedirect = false);
                Change(isLoopback && http is { UseProxy: true, Proxy: null }, () => http.UseProxy = false);
                break;
#if NET
            case SocketsHttpHandler sockets:
                Change(sockets.AllowAutoRedirect, () => sockets.AllowAutoRedirect = false);
                Change(isLoopback && sockets is { UseProxy: true, Proxy: null }, () => sockets.UseProxy = false);
                Change(sockets.ActivityHeadersPropagator is not null, () => sockets.ActivityHeadersPropagator = null);
                if (!options.ReuseConnectionsForSends)
                {
                    Change(sockets.PooledConnectionLifetime != TimeSpan.Zero, () => sockets.PooledConnectionLifetime = TimeSpan.Zero);
                    // Without any limit .NET leaves a connection open until it is garbage collected, if its request ended before it was established.
                    Change(sockets.MaxConnectionsPerServer == int.MaxValue, () => sockets.MaxConnectionsPerServer = int.MaxValue - 1);
                }

                break;
#endif
        }
    }

    /// <summary>
    /// Puts one <see cref="ChatsSendOnceHandler"/> directly before the network. Removes others, because the second would reject a text that a handler
    /// has read, and the default logger, which at the Trace level passes the key to sinks.
    /// </summary>
    /// <param name="chain">The handlers as the factory built them, after all its actions and filters.</param>
    /// <param name="options">The options of the client.</param>
    public static void Guard(HttpMessageHandler chain, ChatsClientOptions options)
    {
        // Again, because a filter can set another primary handler.
        Secure(chain, options);
        // The factory's own, which nothing replaces.
        var last = (DelegatingHandler)chain;
        while (last.InnerHandler is DelegatingHandler { InnerHandler: { } inner } next && !IsPrimary(next))
        {
            if (next is LoggingScopeHttpMessageHandler or LoggingHttpMessageHandler || (next is ChatsSendOnceHandler && !IsPrimary(inner)))
            {
                Change(isNeeded: true, () => last.InnerHandler = inner);
            }
            else
            {
                last = next;
            }
        }

        Change(last is not ChatsSendOnceHandler, () => last.InnerHandler = new ChatsSendOnceHandler(last.InnerHandler!));
    }

    private static bool IsPrimary(HttpMessageHandler handler) => handler is not DelegatingHandler { InnerHandler: not null } || IsOurs(handler);

    /// <summary>Whether <see cref="ChatsClient.CreateHandler"/> has created it: it contains one of .NET's, with the right settings.</summary>
    private static bool IsOurs(HttpMessageHandler handler) =>
        handler is not ChatsSendOnceHandler && handler.GetType().Assembly == typeof(ChatsClient).Assembly;

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
                "it with AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero and ActivityHeadersPropagator = null, and for a loopback " +
                "service with UseProxy = false; a chain of handlers must end with a ChatsSendOnceHandler.",
                exception);
        }
    }
}
