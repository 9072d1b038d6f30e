// What takes time here are builds, each in a folder of its own.
[assembly: Parallelizable(ParallelScope.Fixtures)]

namespace YandexMarket.Chats.Consumers.Tests;

/// <summary>The packages, packed once for all tests, and a folder outside of the repository in which a restore finds them.</summary>
[Slow]
[SetUpFixture]
internal sealed class Feed
{
    private static string? _cache;

    /// <summary>All projects that are packed, and no tests.</summary>
    public const string Solution = "Packages.slnx";

    /// <summary>The repository's version and a number: the caches of a machine keep a version forever, so this one must be new.</summary>
    public static string Version { get; } = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value
        + $".{Random.Shared.Next(1, ushort.MaxValue)}";

    /// <summary>The work tree as one commit of a repository of its own, for others to clone.</summary>
    public static TemporaryFolder Commit { get; } = new();

    public static PackedClone Clone { get; private set; } = null!;

    public static TemporaryFolder Outside { get; } = new();

    /// <summary>The tool <c>chats</c>, installed from its package.</summary>
    public static string Tool => Outside.PathOf(OperatingSystem.IsWindows() ? "tools/chats.exe" : "tools/chats");

    public static IReadOnlyList<Package> Packages { get; private set; } = [];

    [OneTimeSetUp]
    public static void Pack()
    {
        Commit.CopyFromRepository(
            "build", "openapi", "src", "Directory.Build.props", "Directory.Packages.props", "nuget.config", "CHANGELOG.md", ".editorconfig", ".gitattributes",
            ".gitignore");
        var projects = Directory.GetDirectories(Commit.PathOf("src")).Select(Path.GetFileName).Select(name => $"src/{name}/{name}.csproj");
        Commit.Write(Solution, SolutionOf(projects));
        Commit.Commit();
        Clone = new PackedClone();
        Packages = Package.ReadAll(Clone.PackagesFolder);

        _cache = CacheFolder();
        Forget();
        Outside.Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{Clone.PackagesFolder}" />
              </packageSources>
            </configuration>
            """);
        DotNet(".", "tool", "install", "YandexMarket.Chats.Cli", "--version", Version, "--tool-path", "tools");
    }

    [OneTimeTearDown]
    public static void Remove()
    {
        Forget();
        Outside.Dispose();
        Clone?.Folder.Dispose();
        Commit.Dispose();
    }

    /// <summary>Runs dotnet outside of the repository; it must succeed without a warning.</summary>
    public static CommandLine DotNet(string folder, params string[] arguments)
    {
        var run = CommandLine.DotNet(Outside.PathOf(folder), arguments, new() { ["ChatsVersion"] = Version }).Succeeded();
        Assert.That(run.Output, Does.Not.Match("(?i)warning [A-Z]"));
        return run;
    }

    public static string SolutionOf(IEnumerable<string> projects) =>
        $"<Solution>\n{string.Concat(projects.Select(path => $"  <Project Path=\"{path}\" />\n"))}</Solution>\n";

    private static string CacheFolder()
    {
        const string Label = "global-packages: ";
        var output = CommandLine.DotNet(Outside.Path, ["nuget", "locals", "global-packages", "--list"]).Output;
        return output[(output.IndexOf(Label, StringComparison.Ordinal) + Label.Length)..].Trim();
    }

    private static void Forget()
    {
        foreach (var package in Packages)
        {
            var version = new DirectoryInfo(Path.Combine(_cache!, package.Id.ToLowerInvariant(), Version));
            if (version.Exists)
            {
                version.Delete(recursive: true);
            }

            if (version.Parent is { Exists: true } all && all.GetFileSystemInfos().Length == 0)
            {
                all.Delete();
            }
        }
    }
}
