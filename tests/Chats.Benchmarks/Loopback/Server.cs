using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Benchmarks.Loopback;

/// <summary>
/// The service in a process of its own: says its address on standard output and ends with standard input, so that it cannot outlive
/// the process that started it. The first part of the path names the scenario.
/// </summary>
internal static class Server
{
    public const string Subject = "CN=localhost";

    public static async Task<int> RunAsync(bool tls)
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
        await using (app.ConfigureAwait(false))
        {
            var scenarios = Scenario.All.ToDictionary(scenario => "/" + scenario.Path);
            app.Run(context => AnswerAsync(context, scenarios));
            await app.StartAsync().ConfigureAwait(false);
            Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            await Console.In.ReadToEndAsync().ConfigureAwait(false);
        }

        return 0;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var now = DateTimeOffset.UtcNow;
        return new CertificateRequest(Subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static async Task AnswerAsync(HttpContext context, Dictionary<string, Scenario> scenarios)
    {
        var path = context.Request.Path.Value!;
        var scenario = scenarios[path[..path.IndexOf('/', 1)]];
        await context.Request.Body.CopyToAsync(Stream.Null).ConfigureAwait(false);
        var response = context.Response;
        response.StatusCode = scenario.Status;
        response.ContentType = "application/json";
        response.ContentLength = scenario.AnswerBytes.Length;
        response.Headers["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        response.Headers["X-RateLimit-Resource-Limit"] = "1000";
        response.Headers["X-RateLimit-Resource-Remaining"] = "999";
        response.Headers["X-RateLimit-Resource-Until"] = "Tue, 21 Nov 2017 01:00:00 GMT";
        await response.Body.WriteAsync(scenario.AnswerBytes).ConfigureAwait(false);
    }
}
