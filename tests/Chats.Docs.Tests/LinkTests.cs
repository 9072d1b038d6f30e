namespace YandexMarket.Chats.Docs.Tests;

/// <summary>Links within the repository are valid, also on GitHub. External links are not checked.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LinkTests
{
    private static IEnumerable<MarkdownPage> All => Pages.All;

    [TestCaseSource(nameof(All))]
    public void Every_link_of_a_page_is_valid(object page)
    {
        var from = (MarkdownPage)page;

        Assert.That(from.Links.Where(link => !link.Contains("://", StringComparison.Ordinal)).Where(link => !IsValid(from, link)), Is.Empty);
    }

    [TestCase("docs/errors.md", "failures.md", true)]
    [TestCase("docs/errors.md", "../README.md#first-call", true)]
    [TestCase("docs/errors.md", "README.md", false)]
    [TestCase("README.md", "docs", true)]
    [TestCase("README.md", "docs/errors.md#no-such-heading", false)]
    [TestCase("README.md", "#first-call", true)]
    [TestCase("README.md", "#First-call", false)]
    [TestCase("README.md", "src/Chats/obj/Chats.g.cs", false)]
    [TestCase("README.md", "../README.md", false)]
    public void The_link_check_works(string page, string link, bool isValid) => Assert.That(IsValid(Pages.Read(page), link), Is.EqualTo(isValid));

    private static bool IsValid(MarkdownPage from, string link)
    {
        var (path, anchor) = link.Split('#') switch { [var file] => (file, null), var parts => (parts[0], parts[1]) };
        var target = path.Length == 0 ? from.Path : Resolve(from.Path, path);
        return target is not null
            && (Repository.Files.Contains(target) || Repository.Files.Any(file => file.StartsWith($"{target.TrimEnd('/')}/", StringComparison.Ordinal)))
            && (anchor is null || (target.EndsWith(".md", StringComparison.Ordinal) && Pages.Read(target).Anchors.Contains(anchor)));
    }

    /// <summary>The path in the repository, or null for one that leaves it.</summary>
    private static string? Resolve(string page, string link)
    {
        var target = new Uri(new Uri($"https://host/repository/{page}"), link).AbsolutePath;
        return target.StartsWith("/repository/", StringComparison.Ordinal) ? target["/repository/".Length..] : null;
    }
}
