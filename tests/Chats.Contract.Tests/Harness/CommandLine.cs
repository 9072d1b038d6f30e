using System.Diagnostics;

namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>How a program ended, and all that it said.</summary>
internal sealed record CommandLine(int ExitCode, string Output)
{
    public static CommandLine Run(
        string folder,
        string program,
        IEnumerable<string> arguments,
        Dictionary<string,
        string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandLine(process.ExitCode, output + errors.Result);
    }
}
