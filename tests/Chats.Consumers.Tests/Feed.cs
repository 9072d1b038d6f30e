using YandexMarket.Chats.Consumers.Tests.Harness;

namespace YandexMarket.Chats.Consumers.Tests;

/// <summary>The packages, packed once for all tests, and a folder outside of the repository in which a restore finds them.</summary>
[Slow]
[SetUpFixture]
internal sealed class Feed
{
    private static RepositoryCopy? _origin;
    private static PackedClone? _clone;
    private static TemporaryFolder? _outside;
    private static string? _cache;

    /// <summary>The repository's version and a number: the caches of a machine keep a version for ever, so this one must be new.</summary>
    public static string Version { get; } = $"{Origin.Version}.{Random.Shared.Next(1, ushort.MaxValue)}";

    public static RepositoryCopy Commit => _origin!;

    public static PackedClone Clone => _clone!;

    /// <summary>The tool <c>chats</c>, installed from its package.</summary>
    public static string Tool => Outside.PathOf(OperatingSystem.IsWindows() ? "tools/chats.exe" : "tools/chats");

    public static TemporaryFolder Outside => _outside!;

    public static IReadOnlyList<Package> Packages { get; private set; } = [];

    [OneTimeSetUp]
    public static void Pack()
    {
        _origin = Origin.Make();
        _clone = new PackedClone(_origin.PathOf("."), Version);
        Packages = Package.ReadAll(_clone.PackagesFolder);

        _outside = new TemporaryFolder();
        _cache = CacheFolder();
        Forget();
        _outside.Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{_clone.PackagesFolder}" />
              </packageSources>
            </configuration>
            """);
        DotNet(".", "tool", "install", "YandexMarket.Chats.Cli", "--version", Version, "--tool-path", "tools");
    }

    [OneTimeTearDown]
    public static void Remove()
    {
        Forget();
        _outside?.Dispose();
        _clone?.Dispose();
        _origin?.Dispose();
    }

    /// <summary>Runs dotnet outside of the repository; it must succeed without a warning.</summary>
    public static CommandLine DotNet(string folder, params string[] arguments)
    {
        var run = CommandLine.DotNet(Outside.PathOf(folder), arguments, new() { ["ChatsVersion"] = Version });
        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.Output, Does.Not.Match("(?i)warning [A-Z]"));
        return run;
    }

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
            var all = Path.Combine(_cache!, package.Id.ToLowerInvariant());
            if (Directory.Exists(Path.Combine(all, Version)))
            {
                Directory.Delete(Path.Combine(all, Version), recursive: true);
            }

            if (Directory.Exists(all) && !Directory.EnumerateFileSystemEntries(all).Any())
            {
                Directory.Delete(all);
            }
        }
    }
}
