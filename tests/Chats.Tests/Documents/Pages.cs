using System.Diagnostics;
using YandexMarket.Chats.Tests.Support;

namespace YandexMarket.Chats.Tests.Documents;

/// <summary>The pages of the repository, of what git knows or would take.</summary>
internal static class Pages
{
    private static readonly Lazy<IReadOnlyList<string>> _files = new(ListFiles);

    /// <summary>Every file of the repository, with slashes.</summary>
    public static IReadOnlyList<string> Files => _files.Value;

    public static IEnumerable<MarkdownPage> All => Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)).Select(Read);

    /// <summary>The pages that show how the code is used: the README, the guide for contributors, docs/, and the packages' own pages.</summary>
    public static IEnumerable<MarkdownPage> Guides => All.Where(page => page.Path is "README.md" or "CONTRIBUTING.md"
        || page.Path.StartsWith("docs/", StringComparison.Ordinal) || page.Path.EndsWith("/PACKAGE.md", StringComparison.Ordinal));

    public static MarkdownPage Read(string path) => new(path, Repository.Read(path));

    private static string[] ListFiles()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.That(git.ExitCode, Is.Zero);
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(Repository.Root, file)))];
    }
}
