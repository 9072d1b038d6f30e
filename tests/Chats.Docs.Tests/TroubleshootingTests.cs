using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>Every exception of the packages and every status of the contract is on docs/troubleshooting.md.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class TroubleshootingTests
{
    private static readonly MarkdownPage _page = Pages.Read("docs/troubleshooting.md");

    [Test]
    public void Every_public_exception_has_a_row()
    {
        // The lists of the public API of all packages, which the compiler checks.
        var exceptions = Repository.Files.Where(file => file.Contains("/PublicAPI.", StringComparison.Ordinal))
            .SelectMany(file => PublicException().Matches(Repository.Read(file).ReplaceLineEndings("\n"))).Select(match => match.Groups[1].Value)
            .Distinct().Except([nameof(ChatsException)]).ToList();

        Assert.That(exceptions, Has.Member(nameof(ChatsApiException)).And.Member("ChatsQuotaException"));
        Assert.That(_page.Table("exception").Select(row => row[0].Trim('`')), Is.EquivalentTo(exceptions));
    }

    [Test]
    public void Every_status_of_the_contract_has_a_row()
    {
        var statuses = ContractStatus().Matches(Repository.Read("openapi/chats.yaml")).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.That(statuses, Has.Member("420"));
        Assert.That(_page.Table("status").SelectMany(row => row[0].Split(", ")), Is.SupersetOf(statuses));
    }

    [Test]
    public void Every_row_says_why_and_what_to_do() => Assert.That(
        new[] { "exception", "status", "symptom" }.SelectMany(_page.Table).Where(row => row.Length != 3 || row.Any(string.IsNullOrWhiteSpace)).Select(row => row[0]),
        Is.Empty);

    [GeneratedRegex(@"(?m)^(?:\w+\.)+(\w+Exception)$")]
    private static partial Regex PublicException();

    // Without 2xx.
    [GeneratedRegex("'([345][0-9]{2})':")]
    private static partial Regex ContractStatus();
}
