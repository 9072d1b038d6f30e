using System.Reflection;

namespace YandexMarket.Chats.Responder.Tests.Kill;

/// <summary>The sample bot as a process.</summary>
internal sealed class BotProcess : IDisposable
{
    private static readonly string _program = typeof(BotProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "SupportBot").Value!;

    private readonly Process _process;

    public BotProcess(IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [_program, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(_program),
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        Ready = ReadAddressAsync();
    }

    /// <summary>Its address when it listens; null if it exited before.</summary>
    public Task<Uri?> Ready { get; }

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
        _process.Kill();
        _process.Dispose();
    }

    private async Task<Uri?> ReadAddressAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split("Now listening on: ") is [_, var address])
            {
                _ = _process.StandardOutput.ReadToEndAsync(); // A full pipe would stop the bot.
                return new Uri(address);
            }
        }

        return null;
    }
}
