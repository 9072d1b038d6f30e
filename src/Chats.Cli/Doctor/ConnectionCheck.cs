using System.Net;

namespace YandexMarket.Chats.Cli;

/// <summary>TCP and TLS, by one request without a key to the base address. Any response will do; its Date is kept.</summary>
internal static class ConnectionCheck
{
    public static async Task<CheckResult> RunAsync(Examination examination, CancellationToken cancellationToken)
    {
        var address = examination.Options.BaseAddress;
        var isSecure = address.Scheme == Uri.UriSchemeHttps;
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
            return response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired
                ? NeedsPassword()
                : CheckResult.Ok(isSecure ? "TLS works, and the certificate is valid." : "It accepts connections, without TLS.");
        }
        catch (HttpRequestException exception)
        {
            return certificate.Found ?? Explain(exception, $"{Safe.Line(examination.Host)}:{address.Port}");
        }
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
