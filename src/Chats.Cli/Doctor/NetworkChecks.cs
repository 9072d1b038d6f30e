using System.Net;
using System.Net.Sockets;

namespace YandexMarket.Chats.Cli;

/// <summary>The way to the service: whether a proxy stands in it, and where the service's name leads.</summary>
internal static class NetworkChecks
{
    public static async Task<CheckResult> ProxyAsync(Examination examination, CancellationToken cancellationToken)
    {
        var address = examination.Options.BaseAddress;
        if (address.IsLoopback)
        {
            return CheckResult.Ok("None is used: the address is a loopback one.");
        }

        var proxy = examination.Shell.Proxy.IsBypassed(address) ? null : examination.Shell.Proxy.GetProxy(address);
        if (proxy is null || proxy == address)
        {
            return CheckResult.Ok("None is used.");
        }

        examination.Proxy = proxy;
        // Its user information, which can be a password, is left out.
        var name = Safe.Line($"{proxy.Host}:{proxy.Port}");
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(proxy.IdnHost, proxy.Port, cancellationToken);
            return CheckResult.Ok($"{name} is used, and accepts connections.");
        }
        catch (SocketException exception)
        {
            return CheckResult.Failed(
                $"The proxy {name} cannot be reached ({exception.SocketErrorCode}).",
                "Correct the proxy in HTTPS_PROXY or in the system's settings, or exempt the service's host with NO_PROXY.");
        }
    }

    public static async Task<CheckResult> NameAsync(Examination examination, CancellationToken cancellationToken)
    {
        var host = Safe.Line(examination.Host);
        if (examination.Proxy is not null)
        {
            return CheckResult.Skipped($"The proxy resolves {host}.");
        }

        if (IPAddress.TryParse(examination.Options.BaseAddress.DnsSafeHost, out _))
        {
            return CheckResult.Ok("The address is a number: there is no name to resolve.");
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(examination.Host, cancellationToken);
            return CheckResult.Ok($"{host} is {string.Join(", ", addresses.Select(address => address.ToString()))}.");
        }
        catch (SocketException exception)
        {
            return CheckResult.Failed(
                $"The name {host} is not found ({exception.SocketErrorCode}).",
                "Check --base-address, then this machine's network and DNS. Where only a proxy reaches the internet, set HTTPS_PROXY.");
        }
    }
}
