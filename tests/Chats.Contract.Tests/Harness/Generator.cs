using System.Reflection;


namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>Runs the generator as the build does: the console that the restore has put there, with the settings and templates of build/.</summary>
internal static class Generator
{
    public const string Net80 = "NSwagDir_Net80";
    public const string Net90 = "NSwagDir_Net90";
    public const string Net100 = "NSwagDir_Net100";

    public static Generation Run(string contract, string console = Net100)
    {
        using var folder = new TemporaryFolder();
        var output = folder.PathOf("Chats.g.cs");
        var variables = $"Contract={folder.Write("chats.yaml", contract)},Output={output}";
        var run = CommandLine.Run(
            folder.Path,
            "dotnet",
            [Path.Combine(FolderOf(console), "dotnet-nswag.dll"), "run", Repository.PathOf("build/nswag.json"), $"/variables:{variables}"],
            new() { ["DOTNET_ROLL_FORWARD"] = "Major" });
        return new Generation(run.ExitCode, run.Output, run.ExitCode == 0 && File.Exists(output) ? File.ReadAllBytes(output) : null);
    }

    private static string FolderOf(string console) =>
        typeof(Generator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == console).Value is { Length: > 0 } folder
            ? folder
            : throw new InvalidOperationException($"{console} was not set when the tests were built: NSwag.MSBuild is not restored.");
}
