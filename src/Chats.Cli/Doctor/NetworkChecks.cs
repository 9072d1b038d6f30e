using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace YandexMarket.Chats.Cli;

/// <summary>The way to the service: the proxy, the name, the connection with TLS, and the clock on the other side.</summary>
internal static class NetworkChecks
{
    /// <summary>As much as the responder's proof of a send allows.</summary>
    private static readonly TimeSpan _clockTolerance = TimeSpan.FromSeconds(5);

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

    /// <summary>TCP and TLS, by one request without a key to the base address. Any response will do; its Date is kept.</summary>
    public static async Task<CheckResult> ConnectionAsync(Examination examination, CancellationToken cancellationToken)
    {
        var address = examination.Options.BaseAddress;
        var certificate = new CertificateFaults();
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = examination.Proxy is not null,
            Proxy = examination.Shell.Proxy,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = certificate.Look;
        using var http = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.ConnectionClose = true;
        var clock = examination.Shell.Clock;
        var before = clock.GetUtcNow();
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            examination.Times = (response.Headers.Date, before, clock.GetUtcNow());
            return response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired ? NeedsPassword()
                : CheckResult.Ok(
                    address.Scheme == Uri.UriSchemeHttps ? "TLS works, and the certificate is valid." : "It accepts connections, without TLS.");
        }
        catch (HttpRequestException exception)
        {
            return certificate.Found ?? Explain(exception, $"{Safe.Line(examination.Host)}:{address.Port}");
        }
    }

    /// <summary>This machine's clock against the Date of the service's response.</summary>
    public static CheckResult Clock(Examination examination)
    {
        var (service, before, after) = examination.Times;
        if (service is not { } date)
        {
            return CheckResult.Skipped("The response has no Date.");
        }

        // A Date has whole seconds, and was written at some time between the request and the response.
        var ahead = before - date - TimeSpan.FromSeconds(1);
        var behind = date - after;
        return ahead > _clockTolerance ? Wrong(ahead, "ahead of")
            : behind > _clockTolerance ? Wrong(behind, "behind")
            : CheckResult.Ok("This machine's clock agrees with the service's.");

        static CheckResult Wrong(TimeSpan skew, string direction) => CheckResult.Failed(
            string.Create(CultureInfo.InvariantCulture, $"This machine's clock is {skew.TotalSeconds:0} s {direction} the service's."),
            "Let the machine synchronise its clock (NTP): certificates, waits for quotas and the responder's proofs depend on it.");
    }

    private static CheckResult Explain(HttpRequestException exception, string server) => exception.HttpRequestError switch
    {
        HttpRequestError.ProxyTunnelError when exception.StatusCode == HttpStatusCode.ProxyAuthenticationRequired => NeedsPassword(),
        HttpRequestError.ProxyTunnelError => CheckResult.Failed(
            $"The proxy does not connect to {server}{(exception.StatusCode is { } status ? $" ({(int)status})" : "")}.",
            "Let the proxy's owner allow this address, or exempt the service's host with NO_PROXY."),
        HttpRequestError.ConnectionError => CheckResult.Failed(
            $"{server} does not accept connections.",
            "Check the host and the port of --base-address, and whether a firewall stands in between."),
        HttpRequestError.SecureConnectionError => CheckResult.Failed(
            $"{server} does not complete the TLS handshake.",
            "The port may not speak TLS (is https right?), or something in between breaks the connection."),
        _ => CheckResult.Failed(
            $"{server} accepts connections, but does not respond in HTTP.",
            "Something else listens there, or stands in between: check --base-address."),
    };

    private static CheckResult NeedsPassword() => CheckResult.Failed(
        "The proxy asks for a name and a password (407).", "Put them into the proxy's URL: HTTPS_PROXY=http://name:password@host:port.");
}
