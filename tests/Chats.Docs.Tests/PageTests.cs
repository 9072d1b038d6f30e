using YandexMarket.Chats.Tests.Failures;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>
/// The tables of the pages agree with the code: options and their defaults, exceptions, statuses; docs/troubleshooting.md has all of them. The README
/// is short, begins with its two commands, and links to every page.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class PageTests
{
    private static readonly MarkdownPage _troubles = Pages.Read("docs/troubleshooting.md");

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

    [Test]
    public void The_options_and_their_defaults()
    {
        OptionTable.Check("docs/using.md", new ChatsClientOptions());
        OptionTable.Check("docs/testing.md", new ChatsEmulatorOptions());
    }

    [Test]
    public void The_exceptions_match_the_client() => Assert.That(
        Pages.Read("docs/errors.md").Table("exception").Select(row => row[0].Trim('`')),
        Is.EquivalentTo(typeof(ChatsException).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(ChatsException))).Select(type => type.Name)));

    [Test]
    public void The_properties_of_the_exceptions_exist()
    {
        var missing =
            from row in Pages.Read("docs/errors.md").Table("exception")
            let type = typeof(ChatsException).Assembly.GetType($"YandexMarket.Chats.{row[0].Trim('`')}")
            from member in MarkdownPage.CodesOf(row[2]).Select(code => code.Split('.')[0])
            where type.GetProperty(member) is null
            select $"{type.Name}.{member}";

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void The_statuses_that_prove_a_rejection()
    {
        var row = Pages.Read("docs/errors.md").Table("what happened to a send").Single(cells => cells[0].StartsWith("the service rejected it", StringComparison.Ordinal));
        var statuses = Range().Matches(row[0]).SelectMany(match =>
        {
            var first = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            var last = match.Groups[2].Success ? int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : first;
            return Enumerable.Range(first, last - first + 1);
        });

        Assert.That((statuses, row[1]), Is.EqualTo((Refusals.Statuses.Order(), "false")));
    }

    [Test]
    public void Every_public_exception_has_a_row()
    {
        // The lists of the public API of all packages, which the compiler checks.
        var exceptions = Repository.Files.Where(file => file.Contains("/PublicAPI.", StringComparison.Ordinal))
            .SelectMany(file => PublicException().Matches(Repository.Read(file).ReplaceLineEndings("\n"))).Select(match => match.Groups[1].Value)
            .Distinct().Except([nameof(ChatsException)]).ToList();

        Assert.That(exceptions, Has.Member(nameof(ChatsApiException)).And.Member("ChatsQuotaException"));
        Assert.That(_troubles.Table("exception").Select(row => row[0].Trim('`')), Is.EquivalentTo(exceptions));
    }

    [Test]
    public void Every_status_of_the_contract_has_a_row()
    {
        var statuses = ContractStatus().Matches(Repository.Read("openapi/chats.yaml")).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.That(statuses, Has.Member("420"));
        Assert.That(_troubles.Table("status").SelectMany(row => row[0].Split(", ")), Is.SupersetOf(statuses));
    }

    [Test]
    public void Every_row_says_why_and_what_to_do() => Assert.That(
        new[] { "exception", "status", "symptom" }.SelectMany(_troubles.Table).Where(row => row.Length != 3 || row.Any(string.IsNullOrWhiteSpace)).Select(row => row[0]),
        Is.Empty);

    [GeneratedRegex(@"(\d{3})(?: to (\d{3}))?")]
    private static partial Regex Range();

    [GeneratedRegex(@"(?m)^(?:\w+\.)+(\w+Exception)$")]
    private static partial Regex PublicException();

    // Without 2xx.
    [GeneratedRegex("'([345][0-9]{2})':")]
    private static partial Regex ContractStatus();
}
