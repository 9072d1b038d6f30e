using System.Reflection;
using System.Runtime.Loader;
using System.Text;

namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>
/// Runs the generator as the build does: the console that the restore has put there, with the settings and templates of build/.
/// </summary>
internal static class Generator
{
    private static readonly string _folder = Path.GetFullPath(
        typeof(Generator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "NSwagDir").Value
        is { Length: > 0 } folder ? folder : throw new InvalidOperationException("NSwag.MSBuild was not restored when the tests were built."));

    private static readonly Lazy<MethodInfo> _main = new(() => new ConsoleLoadContext().LoadFromAssemblyPath(Path.Combine(_folder, "dotnet-nswag.dll")).EntryPoint!);
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
    public static Generation RunAlone(string contract)
    {
        using var folder = new TemporaryFolder();
        var run = CommandLine.Run(
            folder.Path,
            "dotnet",
            [Path.Combine(_folder, "dotnet-nswag.dll"), .. Arguments(folder, contract)],
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

    /// <summary>Loads the console with the libraries beside it, apart from those of the tests.</summary>
    private sealed class ConsoleLoadContext() : AssemblyLoadContext("generator")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(_folder, assemblyName.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}

/// <summary>The result of a run of the generator.</summary>
internal sealed record Generation(int ExitCode, string Output, byte[]? Written)
{
    public byte[] Bytes => Written ?? throw new InvalidOperationException($"The generator ended with {ExitCode} and wrote nothing: {Output}");

    public string Source => Encoding.UTF8.GetString(Bytes);

    /// <summary>What the person who changed the contract gets to read, whether the generator or the compiler stops. Empty if neither does.</summary>
    public IReadOnlyList<string> Complaints() => Written is null ? [Output] : Compiler.Compile(Source).Complaints;
}
