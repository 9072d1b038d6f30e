using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats.Cli;

// The way to the service: the proxy, the name, the connection with TLS, and the clock on the other side.
internal sealed partial class Doctor
{
    /// <summary>As much as the responder's proof of a send allows.</summary>
    private static readonly TimeSpan _clockTolerance = TimeSpan.FromSeconds(5);

    private static readonly Finding _needsPassword = Failed(
        "The proxy requires a user name and a password (407).", "Add or correct them in the proxy's URL: HTTPS_PROXY=http://name:password@host:port.");

    /// <summary>The proxy that is used, or null.</summary>
    private Uri? _proxy;

    /// <summary>What the response of the connection's check says of this machine's clock.</summary>
    private Finding _clock = Skipped("The response has no usable Date header.");

    private async Task<Finding> ProxyAsync(CancellationToken cancellationToken)
    {
        var address = options.BaseAddress;
        if (address.IsLoopback)
        {
            return Ok("No proxy is used: the address is loopback.");
        }

        _proxy = FindProxy(address);
        if (_proxy is null)
        {
            // .NET ignores what it cannot parse. With NO_PROXY another address has a proxy.
            string[] names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
            var ignored = Array.Find(names, name => !string.IsNullOrEmpty(shell.Environment(name)));
            return ignored is null || address.Scheme != Uri.UriSchemeHttps || FindProxy(new Uri("https://not-exempt.invalid/")) is not null
                ? Ok("No proxy is used.")
                : Failed($"{ignored} is set, but not to the URL of a proxy.", "Set it to http://host:port; its value is not shown.");
        }

        // Its user information, which can be a password, is left out.
        var name = Safe.Line($"{_proxy.Host}:{_proxy.Port}");
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_proxy.IdnHost, _proxy.Port, cancellationToken);
            return Ok($"{name} is used, and accepts connections.");
        }
        catch (SocketException exception)
        {
            return Failed(
                $"The proxy {name} cannot be reached ({exception.SocketErrorCode}).",
                "Correct the proxy in HTTPS_PROXY or in the system's settings, or exempt the service's host with NO_PROXY.");
        }
    }

    private Uri? FindProxy(Uri address) =>
        !shell.Proxy.IsBypassed(address) && shell.Proxy.GetProxy(address) is { } proxy && proxy != address ? proxy : null;

    private async Task<Finding> NameAsync(CancellationToken cancellationToken)
    {
        var host = Safe.Line(options.BaseAddress.IdnHost);
        if (_proxy is not null)
        {
            return Skipped($"The proxy resolves {host}.");
        }

        if (IPAddress.TryParse(options.BaseAddress.DnsSafeHost, out _))
        {
            return Ok("The address is an IP address: there is no name to resolve.");
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(options.BaseAddress.IdnHost, cancellationToken);
            return Ok($"{host} resolves to {string.Join<IPAddress>(", ", addresses)}.");
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            var reason = exception is SocketException { SocketErrorCode: var error } ? $"{error}" : "it is too long";
            return Failed(
                $"The name {host} cannot be resolved ({reason}).",
                "Check --base-address, then this machine's network and DNS. If the internet is reachable only through a proxy, set HTTPS_PROXY.");
        }
    }

    /// <summary>TCP and TLS, by one request without a key to the base address. Any response will do; its Date is checked, too.</summary>
    private async Task<Finding> ConnectionAsync(CancellationToken cancellationToken)
    {
        var address = options.BaseAddress;
        Finding? badCertificate = null;
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = _proxy is not null,
            Proxy = shell.Proxy,
            // As the client does: one address that drops packets is not a failure.
            ConnectCallback = static (context, token) => HappyEyeballs.ConnectAsync(context.DnsEndPoint, token),
        };
        // It says what is wrong with a certificate, and accepts none that .NET would reject.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            badCertificate = errors == SslPolicyErrors.None ? null : Explain((X509Certificate2?)certificate, chain, errors);
            return badCertificate is null;
        };
        using var http = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.ConnectionClose = true;
        var before = shell.Clock.GetUtcNow();
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            _clock = response.Headers.Date is { } date ? Compare(before, date, shell.Clock.GetUtcNow()) : _clock;
            return response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired && _proxy is not null ? _needsPassword : Ok(
                address.Scheme == Uri.UriSchemeHttps ? "TLS works, and the certificate is valid." : "It accepts connections, without TLS.",
                address.AbsolutePath.TrimEnd('/').EndsWith("/v2", StringComparison.Ordinal) ? null
                    : "The path of --base-address should end in /v2/: the service is going to reject calls without a version.");
        }
        catch (HttpRequestException exception)
        {
            return badCertificate ?? Explain(exception, Safe.Line($"{address.Host}:{address.Port}"));
        }
    }

    /// <summary>This machine's clock, before the request and after the response, against the Date of the response.</summary>
    private static Finding Compare(DateTimeOffset before, DateTimeOffset date, DateTimeOffset after)
    {
        // A Date has whole seconds, and was written at some time between the request and the response.
        var (ahead, behind) = (before - date - TimeSpan.FromSeconds(1), date - after);
        return ahead <= _clockTolerance && behind <= _clockTolerance ? Ok("This machine's clock agrees with the service's.") : Failed(
            $"This machine's clock is {(ahead > behind ? $"{ahead.TotalSeconds:0} s ahead of" : $"{behind.TotalSeconds:0} s behind")} the service's.",
            "Synchronize this machine's clock (NTP): certificates, waits for quotas and the responder's proofs depend on it.");
    }

    private static Finding Explain(HttpRequestException exception, string server) => exception.HttpRequestError switch
    {
        HttpRequestError.ProxyTunnelError when exception.StatusCode == HttpStatusCode.ProxyAuthenticationRequired => _needsPassword,
        HttpRequestError.ProxyTunnelError => Failed(
            $"The proxy does not connect to {server}{(exception.StatusCode is { } status ? $" ({(int)status})" : "")}.",
            "Ask the proxy's administrator to allow this address, or exempt the service's host with NO_PROXY."),
        HttpRequestError.ConnectionError => Failed(
            $"{server} does not accept connections.", "Check the host and the port of --base-address, and whether there is a firewall in between."),
        HttpRequestError.SecureConnectionError => Failed(
            $"{server} does not complete the TLS handshake.",
            "The port may not speak TLS (is https right?), or something in between breaks the connection."),
        _ => Failed(
            $"{server} accepts connections, but does not speak HTTP.",
            "Something else is listening there, or a proxy interferes: check --base-address."),
    };

    private static Finding Explain(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var flaws = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) ?? 0;
        return certificate is null ? Failed("The server sent no certificate.", "Check --base-address: is this the service?")
            : flaws.HasFlag(X509ChainStatusFlags.NotTimeValid) ? Failed(
                $"The certificate is valid only from {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}, not now.",
                "Check this machine's clock first; if it is right, the server needs a new certificate.")
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? Failed(
                $"The certificate is for another name: {Safe.Line(certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false))}.",
                "Check the host of --base-address, and that its name resolves to the right server.")
            : (flaws & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 ? Failed(
                $"The certificate's issuer, {Safe.Line(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true))}, is not trusted on this machine.",
                "If your proxy inspects TLS, install its root certificate on this machine; in a container install ca-certificates.")
            : Failed($"The certificate is invalid ({flaws}).", "Ask the owner of the server, or of the proxy in between.");
    }
}
