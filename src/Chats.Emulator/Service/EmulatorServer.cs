using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Emulator;

/// <summary>Kestrel without a host: configuration, environment variables, logs and signals of the test's process have no effect.</summary>
internal sealed class EmulatorServer(ChatsEmulator emulator) : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(2);

    private readonly InboxHandler? _inbox = emulator.Options.ServeInbox ? new InboxHandler(emulator) : null;
    private readonly KestrelServer _server = new(
        Options.Create(Configure(emulator.Options)),
        new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
        NullLoggerFactory.Instance);

    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync(this, cancellationToken).ConfigureAwait(false);
        var address = _server.Features.Get<IServerAddressesFeature>()!.Addresses.First();

        // If it listens on all addresses, clients on this machine use the loopback one.
        var host = emulator.Options.Host;
        host = host.Equals(IPAddress.Any) ? IPAddress.Loopback : host.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : host;
        return new Uri($"http://{new IPEndPoint(host, new Uri(address).Port)}/v2/");
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var call = _inbox is not null && InboxHandler.Serves(context.Request) ? null : new Call(emulator, context);
        try
        {
            await (call is null ? _inbox!.HandleAsync(context) : ServeAsync(call)).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller has disconnected, or the emulator stops. A call that is not recorded yet has delivered nothing.
            call?.Keep(null, null);
            context.Abort();
        }
        finally
        {
            call?.End();
        }
    }

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Kestrel ends the connection, and the context with it.
    }

    public async ValueTask DisposeAsync()
    {
        using var grace = new CancellationTokenSource(_grace);
        await _server.StopAsync(grace.Token).ConfigureAwait(false);
        _server.Dispose();
    }

    private async Task ServeAsync(Call call)
    {
        await (call.RouteError is { } refusal ? call.SendAsync(refusal)
            : emulator.Faults.Draw(call.Operation) is { } fault ? FaultInjector.ApplyAsync(call, fault)
            : call.SendAsync(await ChatService.RespondAsync(call).ConfigureAwait(false))).ConfigureAwait(false);
        if (emulator.Options.CloseConnections)
        {
            // After the headers, so that they do not announce it.
            call.Http.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().RequestClose();
        }
    }

    private static KestrelServerOptions Configure(ChatsEmulatorOptions emulatorOptions)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(new IPEndPoint(emulatorOptions.Host, emulatorOptions.Port), listen => listen.Protocols = HttpProtocols.Http1);

        // The service has its own limit for bodies, and only the caller or a fault may end a slow call.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        return options;
    }
}
