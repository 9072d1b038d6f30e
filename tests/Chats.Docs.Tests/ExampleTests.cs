namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The examples on the pages are run by tests.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ExampleTests
{
    // A C# block without its language would not be checked.
    private static readonly string[] _languages = ["csharp", "json", "mermaid", "sh", "text", "xml", "yaml"];

    private static readonly Lazy<IReadOnlyList<Region>> _regions = new(() => [.. Region.All]);

    private static IEnumerable<TestCaseData> Examples =>
        from page in Pages.Guides
        from block in page.Blocks
        where block.Language == "csharp" && !IsOfTheWalkthrough(block)
        select new TestCaseData(block.Text).SetArgDisplayNames(page.Path, block.Text.Split('\n')[0]);

    [TestCaseSource(nameof(Examples))]
    public void An_example_is_a_region_of_a_test_or_generated_code(string example)
    {
        var isRegion = _regions.Value.Any(region => region.Text == example.Trim());

        Assert.That(
            isRegion || IsGenerated(example),
            "Put the example between `// README: …` (or `// docs/using: …`) and `// end` in a test that runs it, or in the sample bot.");
    }

    [Test]
    public void Every_region_is_on_a_page()
    {
        var shown = Pages.All.SelectMany(page => page.Blocks).Select(block => block.Text.Trim()).ToHashSet();

        Assert.That(_regions.Value.Where(region => !shown.Contains(region.Text)).Select(region => $"{region.File}: {region.Title}"), Is.Empty);
        Assert.That(_regions.Value, Has.Count.GreaterThan(10));
    }

    [Test]
    public void Every_block_of_code_names_its_language() => Assert.That(
        Pages.All.SelectMany(page => page.Blocks).Where(block => !_languages.Contains(block.Language)).Select(block => $"{block.Page}, {block.Section}: '{block.Language}'"),
        Is.Empty);

    // Its client does not exist here: Chats.Contract.Tests generates it from the YAML of the walkthrough, and runs both.
    private static bool IsOfTheWalkthrough(MarkdownPage.Block block) => block is { Page.Path: "CONTRIBUTING.md", Section: "Adding an operation" };

    private static bool IsGenerated(string example)
    {
        var lines = Repository.Read("src/Chats/obj/Chats.g.cs").Split('\n').Select(line => line.Trim()).ToList();
        var wanted = example.Trim().Split('\n').Select(line => line.Trim()).ToList();
        return Enumerable.Range(0, lines.Count).Any(start => lines.Skip(start).Take(wanted.Count).SequenceEqual(wanted));
    }
}
