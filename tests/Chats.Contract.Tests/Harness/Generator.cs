using System.Reflection;

namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>
/// Runs the generator as the build does: the console that the restore has put there, with the settings and templates of build/.
/// </summary>
internal static class Generator
{
    private static readonly Lazy<MethodInfo> _main = new(LoadMain);
    private static readonly Lock _console = new();

    /// <summary>Runs the console inside this process, where the second run takes a twentieth of the first.</summary>
    public static Generation Run(string contract)
    {
        using var folder = new TemporaryFolder();
        lock (_console)
        {
            var before = Console.Out;
            using var said = new StringWriter();
            Console.SetOut(said);
            try
            {
                var exitCode = (int)_main.Value.Invoke(null, [Arguments(folder, contract)])!;
                return Result(folder, exitCode, said.ToString());
            }
            finally
            {
                Console.SetOut(before);
            }
        }
    }

    /// <summary>Runs the console as the build does, in a process of its own.</summary>
    /// <param name="contract">The text of the contract.</param>
    /// <param name="framework">Which of the consoles: Net80, Net90 or Net100.</param>
    public static Generation RunAlone(string contract, string framework)
    {
        using var folder = new TemporaryFolder();
        var run = CommandLine.Run(
            folder.Path,
            "dotnet",
            [Path.Combine(FolderOf(framework), "dotnet-nswag.dll"), .. Arguments(folder, contract)],
            new() { ["DOTNET_ROLL_FORWARD"] = "Major" });
        return Result(folder, run.ExitCode, run.Output);
    }

    private static string[] Arguments(TemporaryFolder folder, string contract) =>
    [
        "run",
        Repository.PathOf("build/nswag.json"),
        $"/variables:Contract={folder.Write("chats.yaml", contract)},Output={folder.PathOf("Chats.g.cs")}",
    ];

    private static Generation Result(TemporaryFolder folder, int exitCode, string said)
    {
        var output = folder.PathOf("Chats.g.cs");
        return new Generation(exitCode, said, exitCode == 0 && File.Exists(output) ? File.ReadAllBytes(output) : null);
    }

    private static MethodInfo LoadMain() =>
        new ConsoleLoadContext(FolderOf("Net100")).LoadFromAssemblyPath(Path.Combine(FolderOf("Net100"), "dotnet-nswag.dll")).EntryPoint!;

    private static string FolderOf(string framework)
    {
        var folder = typeof(Generator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "NSwagDir_" + framework).Value;
        return string.IsNullOrEmpty(folder)
            ? throw new InvalidOperationException($"The {framework} console was not there when the tests were built: NSwag.MSBuild is not restored.")
            : folder;
    }
}
