namespace YandexMarket.Chats.Witnesses.Tests;

/// <summary>Prism, which knows the service from the contract alone, in a process of its own.</summary>
internal sealed class Prism : IAsyncDisposable
{
    private static readonly string _npm = Repository.PathOf("tests/Chats.Witnesses.Tests/npm");
    private static readonly Lazy<Task> _installed = new(InstallAsync);

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private Prism(Process process, DirectoryInfo folder) => (_process, _folder) = (process, folder);

    public Uri Address { get; private set; } = null!;

    /// <summary>
    /// Passes every call on, right or wrong, and reports in the <c>sl-violations</c> response header what did not match the
    /// contract, in either direction. With <c>--errors</c> it would respond to wrong calls itself, and the emulator would never see them.
    /// </summary>
    public static async Task<Prism> ProxyAsync(Uri upstream)
    {
        await _installed.Value;

        // Prism restarts when its file changes, so it gets a copy that nobody else changes.
        var folder = Directory.CreateTempSubdirectory("chats-prism-");
        var file = Path.Combine(folder.FullName, "contract.yaml");
        await File.WriteAllTextAsync(file, Repository.Read("openapi/chats.yaml"));
        var program = Path.Combine(_npm, "node_modules", "@stoplight", "prism-cli", "dist", "index.js");
        var process = Start(
            "node",
            folder.FullName,
            [
                Path.Combine(_npm, "supervise.js"), program, "proxy", file, upstream.AbsoluteUri.TrimEnd('/'), "--validate-request", "--errors", "false",
                "--host", "127.0.0.1", "--port", "0",
            ]);
        var prism = new Prism(process, folder);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var output = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            output.AppendLine(line);
            if (Regex.Match(line, @"Prism is listening on (http://127\.0\.0\.1:\d+)") is { Success: true } ready)
            {
                prism.Address = new Uri(ready.Groups[1].Value);
                // Nobody needs the rest of its output, but the pipe must not fill up.
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return prism;
            }
        }

        await prism.DisposeAsync();
        throw new InvalidOperationException($"Prism ended before it was ready:\n{output}");
    }

    public async ValueTask DisposeAsync()
    {
        // Its supervisor stops it when standard input ends, which also happens when the tests are killed.
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Until.Timeout);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Once for all tests of a run.</summary>
    private static async Task InstallAsync()
    {
        // The lock file as it was when npm was finished: where npm was interrupted, there is no copy of it, since npm ci begins with an empty folder.
        var (wanted, installed) = (Path.Combine(_npm, "package-lock.json"), Path.Combine(_npm, "node_modules", ".installed-lock.json"));
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == await File.ReadAllTextAsync(wanted))
        {
            return;
        }

        using var npm = Start(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", _npm, ["ci", "--ignore-scripts"]);
        var output = await npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        Assert.That(npm.ExitCode, Is.Zero, output);
        File.Copy(wanted, installed, overwrite: true);
    }

    private static Process Start(string program, string folder, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        // Color codes would appear between the words that are waited for.
        Environment = { ["FORCE_COLOR"] = "0", ["NO_COLOR"] = "1" },
    })!;
}
