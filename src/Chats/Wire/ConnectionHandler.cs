using System.Net;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// The connections of a client: no redirects (they would send the key to another host), no cookies, no proxy for a loopback service. Each send opens
/// its own, because on one that the service has just closed it would not be known whether it was accepted; reads, which .NET retries, share a pool.
/// </summary>
internal sealed class ConnectionHandler(bool isLoopback, bool reuseConnectionsForSends, TimeProvider clock)
#if NET
    : DelegatingHandler(CreateHandler(isLoopback, reuse: true))
#else
    : DelegatingHandler(new RenewedHandler(() => CreateHandler(isLoopback), clock))
#endif
{
    // For a client whose address is not the one that this was created for.
    private readonly Lazy<HttpMessageInvoker> _loopback = new(() => new HttpMessageInvoker(new ConnectionHandler(isLoopback: true, reuseConnectionsForSends, clock)));

    private bool IsForAnother(HttpRequestMessage request) => !isLoopback && request.RequestUri is { IsLoopback: true };

    // Reads may keep their connections open, because sends do not use them.
    private bool UsesOwnConnection(HttpRequestMessage request)
    {
        var alone = !reuseConnectionsForSends && request.Method != HttpMethod.Get;
        request.Headers.ConnectionClose = alone ? true : null;
        return alone;
    }

    protected override void Dispose(bool disposing)
    {
#if NET
        _sends.Dispose();
#endif
        if (_loopback.IsValueCreated)
        {
            _loopback.Value.Dispose();
        }

        base.Dispose(disposing);
    }

#if NET
    // Without a connection it is certain that nothing was sent: better to fail early than to use up the call's timeout.
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker _sends = new(CreateHandler(isLoopback, reuse: false));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        IsForAnother(request) ? _loopback.Value.SendAsync(request, cancellationToken)
        : UsesOwnConnection(request) ? _sends.SendAsync(request, cancellationToken) : base.SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        IsForAnother(request) ? _loopback.Value.Send(request, cancellationToken)
        : UsesOwnConnection(request) ? _sends.Send(request, cancellationToken) : base.Send(request, cancellationToken);

    private static SocketsHttpHandler CreateHandler(bool isLoopback, bool reuse) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !isLoopback,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = reuse ? TimeSpan.FromMinutes(5) : TimeSpan.Zero,
        ConnectTimeout = _connectTimeout,
        // Without it .NET creates no activity, which could quote a response, and sends no traceparent to the service.
        ActivityHeadersPropagator = null,
        ConnectCallback = reuse
            ? static (context, cancellationToken) => HappyEyeballs.ConnectAsync(context.DnsEndPoint, cancellationToken)
            : ConnectUnpooledAsync,
    };

    // Without a pool .NET leaves a connection open until it is garbage collected, if its request was canceled before it was established.
    private static async ValueTask<Stream> ConnectUnpooledAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var connection = await HappyEyeballs.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
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
    // HttpClientHandler may pool a connection even if the request asked to close it, so each send uses its own handler. A response
    // keeps its connection when the handler is disposed.
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsForAnother(request))
        {
            return await _loopback.Value.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        using var once = UsesOwnConnection(request) ? new HttpMessageInvoker(CreateHandler(isLoopback)) : null;
        return await (once?.SendAsync(request, cancellationToken) ?? base.SendAsync(request, cancellationToken)).ConfigureAwait(false);
    }

    private static HttpClientHandler CreateHandler(bool isLoopback) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !isLoopback,
        // Not deflate: .NET Framework cannot read its usual form.
        AutomaticDecompression = DecompressionMethods.GZip,
    };
#endif
}
