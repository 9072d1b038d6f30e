using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace YandexMarket.Chats.AspNetCore;

/// <summary>Whether a request may be the service's: nothing but the address of the sender tells.</summary>
internal sealed class SenderCheck(ChatsNotificationOptions options, IHostEnvironment environment)
{
    private readonly bool _isOn = options.CheckSender ?? !environment.IsDevelopment();
    private readonly IPNetwork[] _networks = [.. options.SenderNetworks];

    public bool Allows(HttpContext context)
    {
        if (!_isOn)
        {
            return true;
        }

        var address = context.Connection.RemoteIpAddress;
        address = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        // A local socket has no address. What a local proxy passes on comes from here as well, and the middleware for forwarded headers
        // removes the header when it has put the sender's address in place.
        return address is null || IPAddress.IsLoopback(address)
            ? !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded")
            : _networks.Any(network => network.Contains(address));
    }
}
