namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The changelog: the unreleased changes first, and the same four sections in every release.</summary>
public sealed class ChangelogTests
{
    private static readonly string[] _blocks = Repository.Read("CHANGELOG.md").ReplaceLineEndings("\n").Split("\n## ")[1..];

    [Test]
    public void Unreleased_changes_come_first_and_releases_have_a_version_and_a_date()
    {
        var titles = _blocks.Select(block => block.Split('\n')[0]).ToList();

        Assert.That(titles[0], Is.EqualTo("Unreleased"));
        Assert.That(titles.Skip(1), Is.All.Match(@"^\d+\.\d+\.\d+(-[a-z0-9.]+)?, \d{4}-\d\d-\d\d$"));
    }

    [Test]
    public void The_version_of_all_packages_is_in_one_place() => Assert.That(
        Repository.Files.Where(file => !file.StartsWith("tests/", StringComparison.Ordinal) && (file.EndsWith(".props", StringComparison.Ordinal) || file.EndsWith("proj", StringComparison.Ordinal)))
            .Where(file => Repository.Read(file).Contains("<Version>", StringComparison.Ordinal)),
        Is.EqualTo(["Directory.Build.props"]));

    [Test]
    public void Each_has_the_same_four_sections_and_none_is_empty()
    {
        foreach (var block in _blocks)
        {
            var sections = block.Split("\n### ")[1..];

            Assert.That(sections.Select(section => section.Split('\n')[0]), Is.EqualTo(["Added", "Breaking", "Fixed", "Other"]), block.Split('\n')[0]);
            Assert.That(sections.Where(section => string.IsNullOrWhiteSpace(section[section.IndexOf('\n')..])), Is.Empty, "Write 'Nothing.'");
        }
    }
}
