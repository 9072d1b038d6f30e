using YandexMarket.Chats.Tests.Failures;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The tables of the pages agree with the code: options and their defaults, exceptions, statuses; docs/troubleshooting.md has all of
/// them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class TableTests
{
    private static readonly MarkdownPage _troubles = Pages.Read("docs/troubleshooting.md");

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
