namespace YandexMarket.Chats.Consumers.Tests.Harness;

/// <summary>A clean clone of the work tree's commit, in which the packages are packed as the check packs them.</summary>
internal sealed class PackedClone
{
    public PackedClone(string suffix = "")
    {
        Folder = new TemporaryFolder(suffix);
        Folder.Git("clone", "-q", Feed.Commit.Path, ".").Succeeded();
        Folder.Git("remote", "remove", "origin").Succeeded();
        Pack(Feed.Solution, "-o", PackagesFolder, $"-p:Version={Feed.Version}").Succeeded();
    }

    public TemporaryFolder Folder { get; }

    public string PackagesFolder => Folder.PathOf("artifacts/packages");

    public CommandLine DotNet(params string[] arguments) => CommandLine.DotNet(Folder.Path, arguments, new() { ["CI"] = "true" });

    /// <summary>As the check packs, but for the analyzers: they have their turn in the build of the solution, and change nothing.</summary>
    public CommandLine Pack(string what, params string[] arguments) =>
        DotNet(["pack", what, "-nologo", "-p:RunAnalyzers=false", .. arguments]);
}
