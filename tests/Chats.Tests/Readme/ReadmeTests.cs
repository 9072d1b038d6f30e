using System.Text.RegularExpressions;
using YandexMarket.Chats.Tests.Support;

namespace YandexMarket.Chats.Tests.Readme;

/// <summary>What the README shows is what the tests run.</summary>
public partial class ReadmeTests
{
    private const string TestOnly = "// test only";

    // The README, and the pages of the packages.
    public static IEnumerable<string> Examples => Directory.GetDirectories(Path.Combine(Repository.Root, "src"))
        .Select(folder => File.ReadAllText(Path.Combine(folder, "PACKAGE.md"))).Append(Repository.Read("README.md"))
        .SelectMany(page => CodeBlock().Matches(page)).Select(match => match.Groups[1].Value);

    [TestCaseSource(nameof(Examples))]
    public void An_example_is_a_region_of_a_test(string example)
    {
        var regions = new[] { "tests/Chats.Tests", "tests/Chats.Hosting.Tests", "tests/Chats.SampleBot" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Region().Matches(File.ReadAllText(file)))
            .Select(match => WithoutIndent(match.Groups[1].Value));

        Assert.That(regions, Has.Member(example.Trim()), "Put the example between `// README: …` and `// end` in a test that runs it, or in the sample bot.");
    }

    [Test]
    public void There_are_examples() => Assert.That(Examples.Count(), Is.GreaterThanOrEqualTo(8));

    [Test]
    public void The_two_commands_come_first()
    {
        var readme = Repository.Read("README.md");

        Assert.That(
            (readme.IndexOf("dotnet run --project src/Chats.Cli -- demo", StringComparison.Ordinal), readme.IndexOf("dotnet test", StringComparison.Ordinal)),
            Is.EqualTo((readme.IndexOf("dotnet ", StringComparison.Ordinal), readme.IndexOf("\ndotnet test", StringComparison.Ordinal) + 1)));
    }

    [Test]
    public void It_has_100_to_150_lines() => Assert.That(Repository.Read("README.md").Split('\n'), Has.Length.InRange(100, 150));

    [Test]
    public void The_table_of_scopes_is_that_of_the_contract()
    {
        var readme = Repository.Read("README.md");
        foreach (var operation in ChatsOperations.All)
        {
            var row = readme.Split('\n').Single(line => line.StartsWith($"| `{operation.Id[..1].ToUpperInvariant()}{operation.Id[1..]}Async`", StringComparison.Ordinal));
            Assert.That(Code().Matches(row).Skip(1).Select(match => match.Groups[1].Value), Is.EqualTo(operation.RequiredScopes));
            Assert.That(row, Does.EndWith($"| {operation.QuotaPerHour:N0} an hour |"));
        }
    }

    [Test]
    public void The_table_of_options_has_them_all()
    {
        var readme = Repository.Read("README.md");

        Assert.That(typeof(ChatsClientOptions).GetProperties().Select(p => p.Name).Where(name => !readme.Contains($"`{name}`")), Is.Empty);
    }

    [Test]
    public void The_links_lead_somewhere()
    {
        var targets = Link().Matches(Repository.Read("README.md")).Select(match => match.Groups[1].Value);

        Assert.That(targets.Where(target => !Path.Exists(Path.Combine(Repository.Root, target))), Is.Empty);
    }

    private static string WithoutIndent(string region)
    {
        var lines = region.Split('\n').Where(line => !line.EndsWith(TestOnly, StringComparison.Ordinal)).ToList();
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Trim().Length == 0 ? "" : line[indent..])).Trim();
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("// README: [^\n]*\n(.*?)\n *// end", RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();
}
