using YandexMarket.Chats.Witnesses.Tests.Harness;

namespace YandexMarket.Chats.Witnesses.Tests.WireMock;

/// <summary>WireMock, the original on Java.</summary>
internal sealed class WireMockProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly DirectoryInfo _folder;

    private WireMockProcess(ChildProcess process, DirectoryInfo folder) => (_process, _folder) = (process, folder);

    public Uri Address { get; private set; } = null!;

    public WireMockAdmin Admin { get; private set; } = null!;

    public static async Task<WireMockProcess> StartAsync()
    {
        Machine.This.Require("WireMock", "node", "npm", "java");
        await NpmFolder.InstalledAsync();
        var archive = Directory.EnumerateFiles(
            Path.Combine(NpmFolder.Witnesses.Folder, "node_modules", "wiremock", "build"), "wiremock-standalone-*.jar").Single();
        var folder = Directory.CreateTempSubdirectory("chats-wiremock-");
        var wireMock = new WireMockProcess(
            Supervised.Start(
                "WireMock",
                folder.FullName,
                Machine.This.Find("java")!,
                // A short life in a small place: the machine has others to serve.
                "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", archive,
                // No gzip: a compressed body would not drip chunk by chunk.
                "--bind-address", "127.0.0.1", "--port", "0", "--root-dir", folder.FullName, "--disable-banner", "--disable-gzip"),
            folder);
        try
        {
            var ready = await wireMock._process.LineAsync(@"^port:\s+(\d+)");
            wireMock.Address = new Uri($"http://127.0.0.1:{ready.Groups[1].Value}/");
            wireMock.Admin = new WireMockAdmin(wireMock.Address);
            return wireMock;
        }
        catch
        {
            await wireMock.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
