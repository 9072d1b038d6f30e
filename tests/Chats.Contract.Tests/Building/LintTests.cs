using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>The linter of the build finds what the generator reads over without a trace. It is there where npm has put it.</summary>
[Category("Build")]
[Parallelizable(ParallelScope.Self)]
internal sealed class LintTests
{
    private const string Modules = "build/generator/node_modules";
    private const string Body = "          application/json:\n            schema:\n              $ref: '#/components/schemas/SendMessageToChatRequest'\n";

    private static RepositoryCopy? _clone;

    /// <summary>Passes over a test where npm has not put the linter. In the check it must be there.</summary>
    public static void RequireLinter()
    {
        if (!Directory.Exists(Repository.PathOf(Modules + "/@redocly/cli")))
        {
            const string Missing = "The linter is not there: run 'npm ci' in build/generator.";
            Assert.That(Environment.GetEnvironmentVariable("CI"), Is.Not.EqualTo("true"), Missing);
            Assert.Ignore(Missing);
        }
    }

    [OneTimeSetUp]
    public static void Clone()
    {
        RequireLinter();
        _clone = RepositoryCopy.Make(
            "",
            "build",
            "openapi",
            "src/Chats",
            "Directory.Build.props",
            "Directory.Packages.props",
            "nuget.config");
        Directory.CreateSymbolicLink(_clone.PathOf(Modules), Repository.PathOf(Modules));
        var restored = _clone.DotNet(["restore", "src/Chats"]);
        Assert.That(restored.ExitCode, Is.Zero, restored.Output);
    }

    [OneTimeTearDown]
    public static void Remove() => _clone?.Dispose();

    [TestCase("            shema: {}\n", "Property `shema` is not expected here")]
    [TestCase("            exampel: {}\n", "Property `exampel` is not expected here")]
    public void A_keyword_that_the_generator_drops_fails_the_build_with_the_linters_words(string line, string words) =>
        Refuses(Body, find => find.Replace("            schema:\n", line + "            schema:\n", StringComparison.Ordinal), words);

    [Test]
    public void A_misspelt_part_of_the_components_fails_the_build() =>
        Refuses("components:\n", _ => "components:\n  paramters: {}\n", "Property `paramters` is not expected here");

    [Test]
    public void A_misspelt_keyword_of_a_body_fails_the_build() =>
        Refuses(
            "      requestBody:\n        required: true\n",
            find => find + "        descripton: x\n",
            "Property `descripton` is not expected here");

    [Test]
    public void A_keyword_in_the_wrong_case_fails_the_build() =>
        Refuses("          maxLength: 4096\n", _ => "          maxlength: 4096\n", "Property `maxlength` is not expected here");

    [Test]
    public void An_example_that_is_not_what_the_schema_says_fails_the_build() =>
        Refuses(
            "                      messageId: 1\n",
            _ => "                      messageId: one\n",
            "Example value must conform to the schema");

    [Test]
    public void The_real_contract_passes() => Assert.That(Generate(ChangedContract.Unchanged).ExitCode, Is.Zero);

    [Test]
    public void The_contract_with_the_operation_that_CONTRIBUTING_adds_passes() => Assert.That(Generate(Walkthrough.Contract).ExitCode, Is.Zero);

    [Test]
    public void An_earlier_client_does_not_outlive_a_contract_that_is_refused()
    {
        Assert.That(Generate(ChangedContract.Unchanged).ExitCode, Is.Zero);
        Assert.That(Generated, Does.Exist);

        Assert.That(Generate(ChangedContract.Unchanged.With("components:\n", "components:\n  paramters: {}\n")).ExitCode, Is.Not.Zero);
        Assert.That(Generated, Does.Not.Exist);
    }

    private static string Generated => _clone!.PathOf("src/Chats/obj/Chats.g.cs");

    private static void Refuses(string find, Func<string, string> replacement, string words)
    {
        var run = Generate(ChangedContract.Unchanged.With(find, replacement(find)));

        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(run.Output, Does.Contain("chats.yaml : error CHATS005: The contract is not valid").And.Contain(words));
    }

    private static CommandLine Generate(ChangedContract contract)
    {
        File.WriteAllText(_clone!.PathOf("openapi/chats.yaml"), contract.Text);
        return _clone.DotNet(["msbuild", "src/Chats", "-nologo", "-v:m", "-t:GenerateClient"]);
    }
}
