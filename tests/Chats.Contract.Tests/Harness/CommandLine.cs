namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>How a program ended, and all that it said.</summary>
internal sealed record CommandLine(int ExitCode, string Output)
{
    /// <summary>Runs dotnet without what the test run has put into the environment for its own build.</summary>
    public static CommandLine DotNet(string folder, IEnumerable<string> arguments, Dictionary<string, string?>? environment = null)
    {
        var clean = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(name => name, _ => (string?)null);
        clean["MSBUILDDISABLENODEREUSE"] = "1";
        clean["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach (var (name, value) in environment ?? [])
        {
            clean[name] = value;
        }

        return Run(folder, "dotnet", arguments, clean);
    }

    public static CommandLine Run(string folder, string program, IEnumerable<string> arguments, Dictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
        {
            // A variable that is null is not passed on.
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandLine(process.ExitCode, output + errors.Result);
    }

    public CommandLine Succeeded()
    {
        Assert.That(ExitCode, Is.Zero, Output);
        return this;
    }
}
