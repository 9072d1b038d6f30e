using YandexMarket.Chats.Witnesses.Tests.Harness;

namespace YandexMarket.Chats.Witnesses.Tests.Prism;

/// <summary>Prism, which knows the service from the contract alone.</summary>
internal sealed class PrismProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly DirectoryInfo _folder;

    private PrismProcess(ChildProcess process, DirectoryInfo folder) => (_process, _folder) = (process, folder);

    public Uri Address { get; private set; } = null!;

    /// <summary>Answers what the contract holds.</summary>
    public static Task<PrismProcess> MockAsync(string contract) => StartAsync("mock", contract);

    /// <summary>
    /// Hands every call on, right or wrong, and tells in the header <c>sl-violations</c> of the answer what was not as the contract says,
    /// in either direction. With <c>--errors</c> it would answer wrong calls itself, and the emulator would never see them.
    /// </summary>
    public static Task<PrismProcess> ProxyAsync(string contract, Uri upstream) =>
        StartAsync("proxy", contract, upstream.AbsoluteUri.TrimEnd('/'), "--validate-request");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<PrismProcess> StartAsync(string mode, string contract, params string[] more)
    {
        Machine.Require("Prism", "node", "npm");
        await NpmFolder.InstalledAsync();

        // Prism begins anew when its file changes: a copy is nobody's to change.
        var folder = Directory.CreateTempSubdirectory("chats-prism-");
        var file = Path.Combine(folder.FullName, "contract.yaml");
        await File.WriteAllTextAsync(file, contract);
        var program = Path.Combine(NpmFolder.Folder, "node_modules", "@stoplight", "prism-cli", "dist", "index.js");
        var prism = new PrismProcess(
            Supervised.Start(
                $"Prism ({mode})",
                folder.FullName,
                Machine.Find("node")!,
                [program, mode, file, .. more, "--errors", "false", "--host", "127.0.0.1", "--port", "0"]),
            folder);
        try
        {
            var ready = await prism._process.LineAsync(@"Prism is listening on (http://127\.0\.0\.1:\d+)");
            prism.Address = new Uri(ready.Groups[1].Value);
            return prism;
        }
        catch
        {
            await prism.DisposeAsync();
            throw;
        }
    }
}
