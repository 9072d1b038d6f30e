using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// Kestrel without a host around it: no configuration, environment variable, log or signal of the test's own process gets in.
/// </summary>
internal sealed class EmulatorServer(CallHandler handler, IPEndPoint endPoint) : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(2);

    private readonly KestrelServer _server = new(
        Options.Create(Configure(endPoint)),
        new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
        NullLoggerFactory.Instance);

    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync(this, cancellationToken).ConfigureAwait(false);
        var address = _server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        // Where it listens on all addresses, a client on this machine calls the loopback one.
        var host = endPoint.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : endPoint.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : endPoint.Address;
        return new Uri($"http://{new IPEndPoint(host, new Uri(address).Port)}/v2/");
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => handler.HandleAsync(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // A context belongs to its connection, which Kestrel ends.
    }

    public async ValueTask DisposeAsync()
    {
        using var grace = new CancellationTokenSource(_grace);
        await _server.StopAsync(grace.Token).ConfigureAwait(false);
        _server.Dispose();
    }

    private static KestrelServerOptions Configure(IPEndPoint endPoint)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(endPoint, listen => listen.Protocols = HttpProtocols.Http1);

        // The size of a body is the service's own rule; and nothing may end a slow call but the caller or a fault.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        return options;
    }
}
