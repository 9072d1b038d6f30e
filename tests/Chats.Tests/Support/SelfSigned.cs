using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace YandexMarket.Chats.Tests;

/// <summary>A certificate that nobody trusts. Its name is a canary: certificate errors must not become a way out for texts.</summary>
internal static class SelfSigned
{
    public static X509Certificate2 Certificate { get; } = Create();

    private static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Canary.Echo}", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        // Some platforms serve only with a key that came out of a file.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }
}
