using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The examples on the pages are run by tests.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ExampleTests
{
    // A C# block without its language would not be checked.
    private static readonly string[] _languages = ["csharp", "json", "mermaid", "sh", "text", "xml", "yaml"];

    private const string Sdk = "System System.Collections.Generic System.IO System.Linq System.Net.Http System.Threading System.Threading.Tasks";

    private const string Packages =
        "YandexMarket.Chats YandexMarket.Chats.Hosting YandexMarket.Chats.AspNetCore YandexMarket.Chats.Responder YandexMarket.Chats.Emulator";

    private const string Web = "System.Net.Http.Json Microsoft.AspNetCore.Builder Microsoft.AspNetCore.Hosting Microsoft.AspNetCore.Http "
        + "Microsoft.AspNetCore.Routing Microsoft.Extensions.Configuration Microsoft.Extensions.DependencyInjection Microsoft.Extensions.Hosting Microsoft.Extensions.Logging";

    private static readonly Lazy<IReadOnlyList<MetadataReference>> _references = new(() =>
        [.. $"{AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")}".Split(Path.PathSeparator)
            .Where(path => !path.EndsWith("SupportBot.dll", StringComparison.Ordinal)) // It is what a reader has to write.
            .Select(path => MetadataReference.CreateFromFile(path))]);

    /// <summary>The names of the public types that a using could bring.</summary>
    private static readonly Lazy<HashSet<string>> _types = new(() =>
        [.. TypesOf(CSharpCompilation.Create("Types", references: _references.Value).GlobalNamespace).Select(type => type.Name)]);

    private static readonly Lazy<IReadOnlyList<Region>> _regions = new(() => [.. Region.All]);

    private static IEnumerable<TestCaseData> Examples =>
        from page in Pages.Guides
        from block in page.Blocks
        where block.Language == "csharp" && !IsOfTheWalkthrough(block)
        select new TestCaseData(block).SetArgDisplayNames(page.Path, block.Example.Split('\n')[0]);

    [TestCaseSource(nameof(Examples))]
    public void An_example_is_a_region_of_a_test_or_generated_code(object block)
    {
        var example = ((MarkdownPage.Block)block).Example;
        var isRegion = _regions.Value.Any(region => region.Text == example);

        Assert.That(
            isRegion || IsGenerated(example),
            "Put the example between `// README: …` (or `// docs/using: …`) and `// end` in a test that runs it, or in the sample bot.");
    }

    /// <summary>The usings are those that the project of a reader has, the namespaces of the packages, and what the example itself shows.</summary>
    [TestCaseSource(nameof(Examples))]
    public void An_example_shows_the_usings_that_it_needs(object block)
    {
        var (page, section, _, example) = (MarkdownPage.Block)block;
        var packages = (page.Path, section) == ("README.md", "First call") ? "" : Packages;
        var usings = $"{Sdk} {packages} {(Regex.IsMatch(example, @"\b(builder|services|app|bot)\b") ? Web : "")} {(example.Contains("Assert.") ? "NUnit.Framework" : "")}";
        var source = string.Concat(usings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => $"global using {name};\n")) + example;
        var compilation = CSharpCompilation.Create("Example", [CSharpSyntaxTree.ParseText(source)], _references.Value);

        var unknown = compilation.GetDiagnostics()
            .Where(diagnostic => diagnostic.Id is "CS0103" or "CS0246")
            .Select(diagnostic => Regex.Match(source[diagnostic.Location.SourceSpan.Start..], @"\w+").Value);

        // The other unknown names are those of the reader's own code.
        Assert.That(unknown.Where(name => _types.Value.Contains(name)), Is.Empty);
    }

    [Test]
    public void Every_region_is_on_a_page()
    {
        var shown = Pages.All.SelectMany(page => page.Blocks).Select(block => block.Example).ToHashSet();

        Assert.That(_regions.Value.Where(region => !shown.Contains(region.Text)).Select(region => $"{region.File}: {region.Title}"), Is.Empty);
        Assert.That(_regions.Value, Has.Count.GreaterThan(10));
    }

    [Test]
    public void Every_block_of_code_names_its_language() => Assert.That(
        Pages.All.SelectMany(page => page.Blocks).Where(block => !_languages.Contains(block.Language)).Select(block => $"{block.Page}, {block.Section}: '{block.Language}'"),
        Is.Empty);

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceSymbol space) => space.GetTypeMembers()
        .Where(type => type.DeclaredAccessibility == Accessibility.Public)
        .Concat(space.GetNamespaceMembers().SelectMany(TypesOf));

    // Its client does not exist here: Chats.Contract.Tests generates it from the YAML of the walkthrough, and runs both.
    private static bool IsOfTheWalkthrough(MarkdownPage.Block block) => block is { Page.Path: "CONTRIBUTING.md", Section: "Adding an operation" };

    private static bool IsGenerated(string example)
    {
        var lines = Repository.Read("src/Chats/obj/Chats.g.cs").Split('\n').Select(line => line.Trim()).ToList();
        var wanted = example.Trim().Split('\n').Select(line => line.Trim()).ToList();
        return Enumerable.Range(0, lines.Count).Any(start => lines.Skip(start).Take(wanted.Count).SequenceEqual(wanted));
    }
}

/// <summary>A part of a test that a page shows: from <c>// README: …</c> or <c>// docs/using: …</c> to <c>// end</c>.</summary>
internal sealed partial record Region(string File, string Title, string Text)
{
    private const string TestOnly = "// test only";

    /// <summary>The regions of all tests and of the sample bot.</summary>
    public static IEnumerable<Region> All =>
        from file in Repository.Files
        where file.EndsWith(".cs", StringComparison.Ordinal)
        where file.StartsWith("samples/", StringComparison.Ordinal)
            || (file.StartsWith("tests/", StringComparison.Ordinal) && file.Split('/')[1].EndsWith("Tests", StringComparison.Ordinal))
        from Match match in Marked().Matches(Repository.Read(file).ReplaceLineEndings("\n"))
        select new Region(file, match.Groups[1].Value, WithoutIndent(match.Groups[2].Value));

    private static string WithoutIndent(string region)
    {
        var lines = region.Split('\n').Where(line => !line.EndsWith(TestOnly, StringComparison.Ordinal)).ToList();
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Trim().Length == 0 ? "" : line[indent..])).Trim();
    }

    [GeneratedRegex("// ((?:README|CONTRIBUTING|docs/[a-z]+)(?:\\.md)?: [^\n]*)\n(.*?)\n *// end", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
