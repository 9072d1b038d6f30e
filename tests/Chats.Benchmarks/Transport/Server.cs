using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Benchmarks.Transport;

/// <summary>The service on loopback: it closes each connection after its response.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const string Subject = "CN=localhost";

    private readonly WebApplication _app;

    private Server(WebApplication app) => _app = app;

    public Uri Address => new(new Uri(_app.Urls.First()), "/v2/");

    public static async Task<Server> StartAsync(Scenario scenario, bool tls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration(); // The slim builder leaves TLS out.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls)
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(SelfSigned());
            }
        }));
        var app = builder.Build();
        app.Run(context => RespondAsync(context, scenario));
        await app.StartAsync().ConfigureAwait(false);
        return new Server(app);
    }

    /// <summary>A handler like the one that the client creates, which trusts the server's certificate.</summary>
    public static HttpMessageHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == Subject;
        return handler;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var now = DateTimeOffset.UtcNow;
        return new CertificateRequest(Subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static async Task RespondAsync(HttpContext context, Scenario scenario)
    {
        await context.Request.Body.CopyToAsync(Stream.Null).ConfigureAwait(false);
        var response = context.Response;
        response.StatusCode = scenario.Status;
        response.ContentType = "application/json";
        response.ContentLength = scenario.ResponseBytes.Length;
        foreach (var (name, value) in CannedHandler.ServiceHeaders)
        {
            response.Headers.Append(name, value);
        }

        response.Headers.Connection = "close";
        await response.Body.WriteAsync(scenario.ResponseBytes).ConfigureAwait(false);
    }
}
