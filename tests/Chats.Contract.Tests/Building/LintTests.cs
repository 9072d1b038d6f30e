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
    public void The_real_contract_and_the_one_with_the_operation_that_CONTRIBUTING_adds_pass([Values] bool hasOperation) =>
        Assert.That(Lint(hasOperation ? Changed.ThirdOperationTests.Contract : ChangedContract.Unchanged).ExitCode, Is.Zero);

    /// <summary>The linter also makes the reference of the contracts, as pages for people.</summary>
    [Test]
    [Platform(Exclude = "Win", Reason = "They are made by a shell script.")]
    public void The_reference_pages_hold_every_operation_with_its_scopes_and_ask_no_other_address()
    {
        using var folder = new TemporaryFolder(" with a blank");
        var pages = new[] { "chats", "notifications" }.Select(name => $"{folder.Path}/{name}.html").ToList();

        var run = CommandLine.Run(Repository.Root, "bash", ["build/reference.sh", folder.Path]);

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.Output.Trim().ReplaceLineEndings("\n").Split('\n'), Is.EqualTo(pages));
        foreach (var html in pages.Select(File.ReadAllText))
        {
            Assert.That(html, Does.Contain("Content-Security-Policy\" content=\"default-src 'none';"));
            Assert.That(html.IndexOf("Content-Security-Policy", StringComparison.Ordinal), Is.LessThan(html.IndexOf("<style", StringComparison.Ordinal)));
        }

        var chats = File.ReadAllText(pages[0]);
        Assert.That(ChatsOperations.All.Where(operation => !chats.Contains($"\"operationId\":\"{operation.Id}\"", StringComparison.Ordinal)), Is.Empty);
        Assert.That(chats, Does.Contain("\"x-auth-scopes\"").And.Contain("\"x-quota-per-hour\""));
        Assert.That(File.ReadAllText(pages[1]), Does.Contain("\"operationId\":\"sendNotification\""));
    }

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
