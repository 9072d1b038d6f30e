using System.Runtime.Loader;

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
                var output = folder.PathOf("Chats.g.cs");
                string[] arguments = ["run", Repository.PathOf("build/nswag.json"), $"/variables:Contract={folder.Write("chats.yaml", contract)},Output={output}"];
                var exitCode = (int)_main.Value.Invoke(null, [arguments])!;
                return new Generation(exitCode, said.ToString(), exitCode == 0 && File.Exists(output) ? File.ReadAllText(output) : null);
            }
            finally
            {
                Console.SetOut(before);
            }
        }
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

internal sealed record Generation(int ExitCode, string Output, string? Written)
{
    public string Source => Written ?? throw new InvalidOperationException($"The generator ended with {ExitCode} and wrote nothing: {Output}");
}
