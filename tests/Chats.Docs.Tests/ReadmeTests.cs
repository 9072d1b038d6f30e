namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The README is short, begins with its two commands, and links to every page.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ReadmeTests
{
    [Test]
    public void The_two_commands_come_first() => Assert.That(
        Pages.Read("README.md").Blocks[0].Text.Split('\n').Select(line => line.Split('#')[0].TrimEnd()),
        Is.EqualTo(["dotnet run --project src/Chats.Cli -- demo", "dotnet test"]));

    [Test]
    public void It_has_100_to_150_lines() => Assert.That(Repository.Read("README.md").TrimEnd('\n').Split('\n'), Has.Length.InRange(100, 150));

    [Test]
    public void It_links_to_every_page() => Assert.That(
        Repository.Files.Where(file => file.StartsWith("docs/", StringComparison.Ordinal) && file.EndsWith(".md", StringComparison.Ordinal)),
        Is.SubsetOf(Pages.Read("README.md").Links.Select(link => link.Split('#')[0])));

    [Test]
    public void The_table_of_scopes_matches_the_contract() => Assert.That(
        Pages.Read("README.md").Table("method").Select(row => string.Join(" | ", row)),
        Is.EqualTo(ChatsOperations.All.Select(operation =>
            $"`{operation.Id[..1].ToUpperInvariant()}{operation.Id[1..]}Async` | " +
            $"{string.Join(", ", operation.RequiredScopes.Select(scope => $"`{scope}`"))} | {operation.QuotaPerHour:N0} an hour")));

    [Test]
    public void The_catch_blocks_of_a_failed_send_have_eight_lines()
    {
        var lines = Pages.Read("README.md").Blocks.Single(block => block is { Section: "When a send fails", Language: "csharp" }).Text.Split('\n');

        Assert.That(lines.SkipWhile(line => !line.StartsWith("catch", StringComparison.Ordinal)).Count(), Is.EqualTo(8));
    }
}
