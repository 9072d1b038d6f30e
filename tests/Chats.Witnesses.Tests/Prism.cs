namespace YandexMarket.Chats.Witnesses.Tests;

/// <summary>Prism, which knows the service from the contract alone, in a process of its own.</summary>
internal sealed class Prism : IAsyncDisposable
{
    private static readonly string _program = Repository.PathOf("build/npm/node_modules/@stoplight/prism-cli/dist/index.js");

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
        Assert.That(_program, Does.Exist, "Prism is not there: run 'npm ci --prefix build/npm'.");

        // Prism restarts when its file changes, so it gets a copy that nobody else changes.
        var folder = Directory.CreateTempSubdirectory("chats-prism-");
        var file = Path.Combine(folder.FullName, "contract.yaml");
        await File.WriteAllTextAsync(file, Repository.Read("openapi/chats.yaml"));
        string[] arguments =
        [
            Repository.PathOf("tests/Chats.Witnesses.Tests/supervise.js"), _program, "proxy", file, upstream.AbsoluteUri.TrimEnd('/'),
            "--validate-request", "--errors", "false", "--host", "127.0.0.1", "--port", "0",
        ];
        var process = Process.Start(new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            // Color codes would appear between the words that are waited for.
            Environment = { ["FORCE_COLOR"] = "0", ["NO_COLOR"] = "1" },
        })!;
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
}
