using System.Text.RegularExpressions;
using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Broken;

/// <summary>Whatever the templates have no code for stops the build with a message that names it.</summary>
internal sealed class BrokenContractTests
{
    private static IEnumerable<TestCaseData> Broken =>
    [
        .. OfTheDocument.All, .. OfOperations.All, .. OfParameters.All, .. OfBodies.All, .. OfAnswers.All, .. OfSchemas.All, .. OfNames.All,
    ];

    [TestCaseSource(nameof(Broken))]
    public void A_contract_that_the_templates_do_not_know_stops_the_build(BrokenContract broken)
    {
        var complaints = broken.Change(ChangedContract.Unchanged).Generate().Complaints();

        Assert.That(complaints, Has.Some.Contains(broken.Words));
    }

    [Test]
    public void Every_refusal_of_the_templates_is_among_these_contracts()
    {
        var complaints = string.Join(
            '\n',
            Broken.SelectMany(data => ((BrokenContract)data.Arguments[0]!).Change(ChangedContract.Unchanged).Generate().Complaints()));

        var unseen = Directory.EnumerateFiles(Repository.PathOf("build/templates"))
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("#error ", StringComparison.Ordinal))
            .Where(line => !Regex.IsMatch(complaints, Regex.Replace(Regex.Escape(line["#error ".Length..]), @"\\\{\\\{.+?}}", ".*")));

        Assert.That(unseen, Is.Empty, "A refusal that no test has seen may never be made.");
    }
}
