namespace YandexMarket.Chats.Consumers.Tests.Harness;

/// <summary>A clean clone of the repository, in which the packages are packed as the check packs them.</summary>
internal sealed class PackedClone : IDisposable
{
    private readonly TemporaryFolder _folder;

    public PackedClone(string origin, string version, string suffix = "")
    {
        _folder = new TemporaryFolder(suffix);
        try
        {
            Git("clone", "-q", origin, ".");
            Git("remote", "remove", "origin");
            Succeeded(Pack(Feed.Solution, "-o", PackagesFolder, $"-p:Version={version}"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string PackagesFolder => PathOf("artifacts/packages");

    public string PathOf(string relative) => _folder.PathOf(relative);

    public CommandLine DotNet(params string[] arguments) => CommandLine.DotNet(_folder.Path, arguments, new() { ["CI"] = "true" });

    /// <summary>As the check packs, but for the analyzers: they have their turn in the build of the solution, and change nothing.</summary>
    public CommandLine Pack(string what, params string[] arguments) =>
        DotNet(["pack", what, "-nologo", "-p:RunAnalyzers=false", .. arguments]);

    public string Git(params string[] arguments) => Succeeded(CommandLine.Run(_folder.Path, "git", arguments)).Output;

    public void Dispose() => _folder.Dispose();

    private static CommandLine Succeeded(CommandLine run) =>
        run.ExitCode == 0 ? run : throw new InvalidOperationException(run.Output);
}
