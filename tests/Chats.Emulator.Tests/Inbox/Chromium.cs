using System.Diagnostics;

namespace YandexMarket.Chats.Emulator.Tests.Inbox;

/// <summary>This machine's Chromium, headless and with an empty profile.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Listening = "DevTools listening on ";

    private static readonly string[] _names = ["chromium", "chromium-browser", "google-chrome", "chrome"];

    private readonly Process _process;
    private readonly DirectoryInfo _profile;

    private Chromium(Process process, DirectoryInfo profile)
    {
        _process = process;
        _profile = profile;
    }

    public Uri DevTools { get; private set; } = null!;

    public static async Task<Chromium> StartAsync()
    {
        var profile = Directory.CreateTempSubdirectory("chats-inbox-");
        var start = new ProcessStartInfo(Find())
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-port=0",
                $"--user-data-dir={profile.FullName}", "about:blank",
            },
        };
        var process = Process.Start(start)!;
        var chromium = new Chromium(process, profile);
        try
        {
            using var patience = new CancellationTokenSource(Until.Patience);
            var line = "";
            while (!line.StartsWith(Listening, StringComparison.Ordinal))
            {
                line = await process.StandardError.ReadLineAsync(patience.Token)
                    ?? throw new InvalidOperationException("Chromium ended before it listened.");
            }

            chromium.DevTools = new Uri(line[Listening.Length..]);

            // A full pipe would stop the browser.
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child process of the browser may still use a file.
        }
    }

    private static string Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var found = folders.SelectMany(folder => _names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        return found ?? throw new AssertionException("There is no chromium on the PATH (Debian: apt-get install chromium).");
    }
}
