using System.Net;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// The connections of a client: no redirects (they would send the key to another host), no cookies, no proxy for a loopback service. The
/// service does not support keep-alive, and nobody would know whether a send on a connection that it has just closed was accepted. So
/// each send opens a connection of its own, while reads, which .NET itself retries on a stale connection, reuse theirs.
/// </summary>
internal sealed class ConnectionHandler : DelegatingHandler
{
    private readonly bool _isLoopback;
    private readonly bool _reuseConnectionsForSends;

    public ConnectionHandler(bool isLoopback, bool reuseConnectionsForSends, TimeProvider clock)
        : base(CreateReused(isLoopback, clock))
    {
        (_isLoopback, _reuseConnectionsForSends) = (isLoopback, reuseConnectionsForSends);
#if NET
        _sends = new HttpMessageInvoker(CreateOne(isLoopback, reuse: false));
#endif
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        IsSentAlone(request) ? SendAloneAsync(request, cancellationToken) : base.SendAsync(request, cancellationToken);

    // Reads may keep their connections open, because sends do not use them.
    private bool IsSentAlone(HttpRequestMessage request)
    {
        var alone = !_reuseConnectionsForSends && request.Method != HttpMethod.Get;
        request.Headers.ConnectionClose = alone ? true : null;
        return alone;
    }

#if NET
    private readonly HttpMessageInvoker _sends;

    private Task<HttpResponseMessage> SendAloneAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _sends.SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        IsSentAlone(request) ? _sends.Send(request, cancellationToken) : base.Send(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _sends.Dispose();
        }

        base.Dispose(disposing);
    }

    // Without a connection it is certain that nothing was sent: better to fail early than to use up the call's timeout.
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(5);

    private static SocketsHttpHandler CreateReused(bool isLoopback, TimeProvider clock)
    {
        // SocketsHttpHandler renews its connections itself, by the system's clock.
        _ = clock;
        return CreateOne(isLoopback, reuse: true);
    }

    private static SocketsHttpHandler CreateOne(bool isLoopback, bool reuse) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !isLoopback,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = reuse ? TimeSpan.FromMinutes(5) : TimeSpan.Zero,
        ConnectTimeout = _connectTimeout,
        // Without it .NET creates no activity of its own, which can quote a response, and sends no traceparent to the service.
        ActivityHeadersPropagator = null,
        ConnectCallback = reuse
            ? static (context, cancellationToken) => AddressRace.ConnectAsync(context.DnsEndPoint, cancellationToken)
            : ConnectAloneAsync,
    };

    // Without a pool .NET leaves a connection open until it is garbage collected, if its request was canceled before it was established.
    private static async ValueTask<Stream> ConnectAloneAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var connection = await AddressRace.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
        if (context.InitialRequestMessage is ChatsRequest request)
        {
            request.CloseAtEnd(connection);
            // Closed already: .NET must not hand it to another send that is waiting for a connection.
            if (request.IsOver)
            {
                connection.Dispose();
                throw new OperationCanceledException(cancellationToken);
            }
        }

        return connection;
    }
#else
    // HttpClientHandler may pool a connection even if the request asked to close it, so each send has a handler of its own. A response
    // keeps its connection when the handler is disposed.
    private async Task<HttpResponseMessage> SendAloneAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var once = new HttpMessageInvoker(CreateOne(_isLoopback));
        return await once.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private static RenewedHandler CreateReused(bool isLoopback, TimeProvider clock) => new(() => CreateOne(isLoopback), clock);

    private static HttpClientHandler CreateOne(bool isLoopback) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !isLoopback,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
    };
#endif
}
