namespace YandexMarket.Chats.Testing;

/// <summary>The pages of the repository.</summary>
internal static class Pages
{
    public static IEnumerable<MarkdownPage> All => Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)).Select(Read);

    /// <summary>The pages that show how the code is used: the README, the guide for contributors, docs/, and the packages' own pages.</summary>
    public static IEnumerable<MarkdownPage> Guides => All.Where(page => page.Path is "README.md" or "CONTRIBUTING.md"
        || page.Path.StartsWith("docs/", StringComparison.Ordinal) || page.Path.EndsWith("/PACKAGE.md", StringComparison.Ordinal));

    public static MarkdownPage Read(string path) => new(path, Repository.Read(path));
}
