using System.Reflection;

namespace YandexMarket.Chats.Responder.Tests.Kill;

/// <summary>The sample bot as a process.</summary>
internal sealed class BotProcess : IDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly string _program = typeof(BotProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "SupportBot").Value!;

    private readonly TaskCompletionSource<Uri?> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    public BotProcess(IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [_program, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(_program),
            Environment =
            {
                ["Logging__LogLevel__Default"] = "Warning",
                ["Logging__LogLevel__YandexMarket"] = "None",
                ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
            },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                _ready.TrySetResult(new Uri(line.Data[(at + Listening.Length)..].Trim()));
            }
        };
        _process.Exited += (_, _) => _ready.TrySetResult(null);
        _process.Start();
        _process.BeginOutputReadLine();
    }

    /// <summary>Its address when it listens; null if it exited before.</summary>
    public Task<Uri?> Ready => _ready.Task;

    /// <summary>Sends SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGTERM, after which it can finish its sends.</summary>
    public async Task StopAsync()
    {
        await Signal.SendAsync(_process, "TERM");
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
