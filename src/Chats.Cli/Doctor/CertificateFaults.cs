using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace YandexMarket.Chats.Cli;

/// <summary>Names what is wrong with a server's certificate. It lets none pass that .NET would refuse.</summary>
internal sealed class CertificateFaults
{
    /// <summary>What is wrong with the certificate, or null.</summary>
    public CheckResult? Found { get; private set; }

    public bool Look(object sender, X509Certificate? given, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        Found = given is X509Certificate2 certificate
            ? Explain(certificate, errors, chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) ?? 0)
            : CheckResult.Failed("The server shows no certificate.", "Check --base-address: is this the service?");
        return false;
    }

    private static CheckResult Explain(X509Certificate2 certificate, SslPolicyErrors errors, X509ChainStatusFlags chain) =>
        chain.HasFlag(X509ChainStatusFlags.NotTimeValid) ? CheckResult.Failed(
            string.Create(CultureInfo.InvariantCulture, $"The certificate is valid from {certificate.NotBefore:yyyy-MM-dd} to {certificate.NotAfter:yyyy-MM-dd}, and not now."),
            "Check this machine's clock first; if it is right, the server needs a new certificate.")
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? CheckResult.Failed(
            $"The certificate is for another name: {Safe.Line(certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false))}.",
            "Check the host of --base-address, and that its name leads to the right server.")
        : chain.HasFlag(X509ChainStatusFlags.Revoked) ? CheckResult.Failed(
            "The certificate is revoked.", "Check --base-address: is this the service?")
        : (chain & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 ? CheckResult.Failed(
            $"The certificate's issuer, {Safe.Line(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true))}, is not trusted here.",
            "If a proxy of yours inspects TLS, install its root certificate on this machine; in a container install ca-certificates.")
        : CheckResult.Failed($"The certificate is refused ({chain}).", "Ask the owner of the server, or of the proxy in between.");
}
