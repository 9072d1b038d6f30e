using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>The linter of the check finds what the generator overlooks.</summary>
[Slow]
[Parallelizable(ParallelScope.All)]
internal sealed class LintTests
{
    private const string Linter = "build/npm/node_modules/@redocly/cli/bin/cli.js";
    private const string Body = "          application/json:\n            schema:\n              $ref: '#/components/schemas/SendMessageToChatRequest'\n";

    private static readonly (string Name, ChangedContract Contract, string? Words)[] _contracts =
    [
        ("a misspelt part of the components", Real.With("components:\n", "components:\n  paramters: {}\n"), "Property `paramters` is not expected here"),
        ("a misspelt keyword of a body", Real.With(Body, Body.Replace("            schema", "            shema: {}\n            schema")), "Property `shema` is not expected here"),
        ("a keyword in the wrong case", Real.With("          maxLength: 4096\n", "          maxlength: 4096\n"), "Property `maxlength` is not expected here"),
        ("an example that breaks its schema", Real.With("                      messageId: 1\n", "                      messageId: one\n"), "Example value must conform to the schema"),
        ("an operationId used twice", Real.With("operationId: sendMessageToChat", "operationId: getChatMessage"), "Every operation must have a unique"),
        ("a required property that does not exist", Real.With("[messageId, createdAt, sender]", "[messageID, createdAt, sender]"), "messageID"),
        ("the real one", Real, null),
        ("the one with the operation that CONTRIBUTING adds", ThirdOperationTests.Contract, null),
    ];

    private static readonly List<JObject> _reports = [];

    private static ChangedContract Real => ChangedContract.Unchanged;

    private static IEnumerable<TestCaseData> Contracts =>
        _contracts.Select((it, i) => new TestCaseData(i, it.Words).SetArgDisplayNames(it.Name));

    public static void RequireLinter() =>
        Assert.That(Repository.PathOf(Linter), Does.Exist, "The linter is not there: run 'npm ci --prefix build/npm'.");

    /// <summary>One run lints all of them, and writes a JSON document for each.</summary>
    [OneTimeSetUp]
    public static void Lint()
    {
        RequireLinter();
        using var folder = new TemporaryFolder();
        var files = _contracts.Select((it, i) => folder.Write($"{i}.yaml", it.Contract.Text));
        var run = CommandLine.Run(
            folder.Path, "node", [Repository.PathOf(Linter), "lint", .. files, "--config", Repository.PathOf("build/npm/redocly.yaml"), "--format", "json"]);
        using var reader = new JsonTextReader(new StringReader(run.Output)) { SupportMultipleContent = true };
        while (_reports.Count < _contracts.Length)
        {
            Assert.That(reader.Read(), run.Output);
            _reports.Add(JObject.Load(reader));
        }
    }

    [TestCaseSource(nameof(Contracts))]
    public void The_linter_rejects_a_broken_contract_and_accepts_a_valid_one(int index, string? words)
    {
        var messages = _reports[index]["problems"]!.Select(problem => $"{problem["severity"]}: {problem["message"]}");

        Assert.That(messages, words is null ? Is.Empty : Has.Some.StartsWith("error: ").And.Some.Contains(words));
    }

    /// <summary>The linter also makes the reference of the contracts, as pages for people.</summary>
    [Test]
    [Platform(Exclude = "Win", Reason = "They are made by a shell script.")]
    public void The_reference_pages_contain_every_operation_with_its_scopes_and_request_no_other_address()
    {
        using var folder = new TemporaryFolder(" with a blank");
        var pages = new[] { "chats", "notifications" }.Select(name => $"{folder.Path}/{name}.html").ToList();

        var run = CommandLine.Run(Repository.Root, "bash", ["build/reference.sh", folder.Path]).Succeeded();

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
}
