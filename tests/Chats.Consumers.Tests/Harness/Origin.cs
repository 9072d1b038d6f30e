using System.Xml.Linq;

namespace YandexMarket.Chats.Consumers.Tests.Harness;

/// <summary>The work tree as one commit of a repository of its own, for others to clone.</summary>
internal static class Origin
{
    /// <summary>All projects that are packed, and no tests.</summary>
    public const string Solution = "Packages.slnx";

    public static string Version { get; } =
        XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;

    public static RepositoryCopy Make()
    {
        var copy = RepositoryCopy.Make(
            "",
            "build",
            "openapi",
            "src",
            "Directory.Build.props",
            "Directory.Packages.props",
            "nuget.config",
            "CHANGELOG.md",
            ".editorconfig",
            ".gitattributes",
            ".gitignore");
        var projects = Directory.GetDirectories(copy.PathOf("src")).Select(Path.GetFileName)
            .Select(name => $"""  <Project Path="src/{name}/{name}.csproj" />""");
        File.WriteAllText(copy.PathOf(Solution), $"<Solution>\n{string.Join('\n', projects)}\n</Solution>\n");
        copy.Git("init", "-q");
        copy.Git("add", "-A");
        copy.Git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "The work tree");
        return copy;
    }
}
