using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>The linter of the check finds what the generator reads over.</summary>
[Slow]
[Parallelizable(ParallelScope.All)]
internal sealed class LintTests
{
    private const string Linter = "build/linter/node_modules/@redocly/cli/bin/cli.js";
    private const string Body = "          application/json:\n            schema:\n              $ref: '#/components/schemas/SendMessageToChatRequest'\n";

    private static IEnumerable<TestCaseData> Broken =>
    [
        Case("a misspelt part of the components", c => c.With("components:\n", "components:\n  paramters: {}\n"), "Property `paramters` is not expected here"),
        Case("a misspelt keyword of a body", c => c.With(Body, Body.Replace("            schema", "            shema: {}\n            schema")), "Property `shema` is not expected here"),
        Case("a keyword in the wrong case", c => c.With("          maxLength: 4096\n", "          maxlength: 4096\n"), "Property `maxlength` is not expected here"),
        Case("an example that breaks its schema", c => c.With("                      messageId: 1\n", "                      messageId: one\n"), "Example value must conform to the schema"),
        Case("an operationId used twice", c => c.With("operationId: sendMessageToChat", "operationId: getChatMessage"), "Every operation must have a unique"),
        Case("a required property that does not exist", c => c.With("[messageId, createdAt, sender]", "[messageID, createdAt, sender]"), "messageID"),
    ];

    public static void RequireLinter() =>
        Assert.That(Repository.PathOf(Linter), Does.Exist, "The linter is not there: run 'npm ci --prefix build/linter'.");

    [OneTimeSetUp]
    public static void Require() => RequireLinter();

    [TestCaseSource(nameof(Broken))]
    public void A_broken_contract_is_refused(Func<ChangedContract, ChangedContract> change, string words)
    {
        var run = Lint(change(ChangedContract.Unchanged));

        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(run.Output, Does.Contain(words));
    }

    [Test]
    public void The_real_contract_passes() => Assert.That(Lint(ChangedContract.Unchanged).ExitCode, Is.Zero);

    [Test]
    public void The_contract_with_the_operation_that_CONTRIBUTING_adds_passes() => Assert.That(Lint(Walkthrough.Contract).ExitCode, Is.Zero);

    private static CommandLine Lint(ChangedContract contract)
    {
        using var folder = new TemporaryFolder();
        folder.Write("chats.yaml", contract.Text);
        return CommandLine.Run(
            folder.Path, "node", [Repository.PathOf(Linter), "lint", folder.PathOf("chats.yaml"), "--config", Repository.PathOf("build/linter/redocly.yaml")]);
    }

    private static TestCaseData Case(string name, Func<ChangedContract, ChangedContract> change, string words) =>
        new TestCaseData(change, words).SetArgDisplayNames(name);
}
