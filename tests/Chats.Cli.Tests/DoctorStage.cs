using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>An emulator, the tool and the arguments of one <c>chats doctor</c>, in good health until a fault is set up.</summary>
internal sealed class DoctorStage : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _servers = [];

    private DoctorStage(ChatsEmulator emulator)
    {
        (Emulator, Address) = (emulator, emulator.BaseAddress);
        DemoData.AddTo(emulator);
    }

    public ChatsEmulator Emulator { get; }

    public string Key { get; set; } = "demo-all";

    public Uri Address { get; set; }

    /// <summary>Where nothing listens.</summary>
    public ClosedPort Closed { get; } = new();

    public string[] Ids { get; set; } = ["--business", "1", "--chat", "2", "--message", "1"];

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public IWebProxy Proxy { get; set; } = new WebProxy();

    public static async Task<DoctorStage> StartAsync() => new(await ChatsEmulator.StartAsync());

    /// <summary>Puts a server with this script in the service's place.</summary>
    public RawServer Serve(Func<RawConnection, Task> script)
    {
        var server = new RawServer(script);
        _servers.Add(server);
        Address = server.Address;
        return server;
    }

    public void Serve(string response) => Serve(async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.SendAsync(response);
    });

    /// <summary>Puts a server in the service's place that shows a certificate which nobody trusts.</summary>
    public void ServeWith(string name, int firstDay, int lastDay) => Address = Serve(async connection =>
    {
        using var certificate = CreateCertificate(name, DateTimeOffset.UtcNow.AddDays(firstDay), DateTimeOffset.UtcNow.AddDays(lastDay));
        await connection.SecureAsync(certificate);
    }).SecureAddress;

    /// <summary>Puts a proxy with this response before a service on another machine.</summary>
    public void ServeProxy(string response)
    {
        Serve(response);
        (Proxy, Address) = (new WebProxy(Address), new Uri("https://chats.invalid/v2/"));
    }

    public async Task<Ran> RunAsync(params string[] more)
    {
        var tool = new TestTool { Environment = { ["CHATS_API_KEY"] = Key }, Clock = Clock, Proxy = Proxy };
        return await tool.RunAsync(["doctor", "--base-address", $"{Address}", .. Ids, .. more]);
    }

    public async ValueTask DisposeAsync()
    {
        Closed.Dispose();
        await Emulator.DisposeAsync();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    public static X509Certificate2 CreateCertificate(string name, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var number))
        {
            names.AddIpAddress(number);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(from, to);
        // Some platforms serve only with a key that came out of a file.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }
}
