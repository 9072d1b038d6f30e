using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>Decides by the sender's address whether a request may come from the service.</summary>
internal sealed class SenderCheck(ChatsNotificationOptions options, IHostEnvironment environment)
{
    private readonly bool _isOn = options.CheckSender ?? !environment.IsDevelopment();
    private readonly IPNetwork[] _networks = [.. options.SenderNetworks.Select(IPNetwork.Parse)];

    public bool Allows(HttpContext context)
    {
        if (!_isOn)
        {
            return true;
        }

        var address = context.Connection.RemoteIpAddress;
        address = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        // A Unix socket has no address. A request from a local proxy has a loopback address too, but then the Forwarded Headers Middleware
        // has not removed this header, which it does when it restores the sender's address.
        return address is null || IPAddress.IsLoopback(address)
            ? !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded")
            : _networks.Any(network => network.Contains(address));
    }
}
