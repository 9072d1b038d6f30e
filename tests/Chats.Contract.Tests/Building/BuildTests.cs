using System.Text.Json;
using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>The build of the client, in a clone of its own: when it generates, and what it does with a contract that is broken.</summary>
[Slow]
[Parallelizable(ParallelScope.Self)]
internal sealed class BuildTests
{
    private const string Contract = "openapi/chats.yaml";
    private const string Generated = "src/Chats/obj/Chats.g.cs";
    private const string Marker = "Generating C# from";

    // They have said what they have to say in the build of the real project.
    private const string WithoutAnalyzers = "-p:RunAnalyzers=false";

    private static RepositoryCopy _clone = null!;

    [OneTimeSetUp]
    public static void Clone()
    {
        _clone = RepositoryCopy.Make(
            "",
            "build",
            "openapi",
            "src/Chats",
            "Directory.Build.props",
            "Directory.Packages.props",
            "nuget.config",
            ".gitignore",
            ".gitattributes",
            ".editorconfig");
        _clone.Git("init", "-q");
        _clone.Git("add", "-A");
        _clone.Git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "clone");
        Consumers.AddTo(_clone);
        Succeeded(_clone.DotNet(["restore", Consumers.Solution]));
    }

    [OneTimeTearDown]
    public static void Remove() => _clone.Dispose();

    [SetUp]
    public void Start_from_the_real_contract_and_nothing_generated()
    {
        _clone.Git("checkout", "-q", "--", ".");
        File.Delete(_clone.PathOf(Generated));
    }

    [Test]
    public void A_build_for_both_frameworks_generates_once_and_again_only_when_the_contract_is_touched()
    {
        Assert.That(Runs(Build(Consumers.Solution, "-m:4")), Is.EqualTo(1), "From nothing.");
        Assert.That(Runs(Build(Consumers.Solution, "-m:4")), Is.Zero, "Nothing has changed.");

        File.SetLastWriteTimeUtc(_clone.PathOf(Contract), DateTime.UtcNow);

        Assert.That(Runs(Build(Consumers.Solution, "-m:4")), Is.EqualTo(1), "The contract was touched.");
        Assert.That(Runs(Build(Consumers.Solution, "-m:4")), Is.Zero, "Nothing has changed since.");
        Assert.That(
            _clone.Git("status", "--porcelain", "--", "build", "openapi", "src"),
            Is.Empty,
            "The build leaves nothing behind that git sees.");
    }

    [TestCase("build/templates/Enum.liquid")]
    [TestCase("build/nswag.json")]
    [TestCase("build/Generation.targets")]
    [TestCase("Directory.Packages.props")]
    public void What_else_the_generator_reads_counts_like_the_contract(string file)
    {
        Generate();

        File.SetLastWriteTimeUtc(_clone.PathOf(file), DateTime.UtcNow);

        Assert.That(Runs(Generate()), Is.EqualTo(1));
        Assert.That(Runs(Generate()), Is.Zero);
    }

    [Test]
    public void One_framework_can_be_built_alone()
    {
        Assert.That(Runs(Build("src/Chats", "-f", "net10.0")), Is.EqualTo(1));
        Assert.That(Runs(Build("src/Chats", "-f", "netstandard2.0")), Is.Zero, "One file serves both.");
    }

    [TestCase("net10.0")]
    [TestCase("netstandard2.0")]
    public void An_editor_that_builds_without_compiling_sees_the_generated_file(string framework)
    {
        var run = Succeeded(_clone.DotNet(
            ["msbuild", "src/Chats", "-nologo", "-v:q", "-t:Compile", "-p:DesignTimeBuild=true", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true", "-p:BuildProjectReferences=false", $"-p:TargetFramework={framework}", "-getItem:Compile"]));

        var items = JsonDocument.Parse(run.Output).RootElement.GetProperty("Items").GetProperty("Compile").EnumerateArray().Select(item => item.GetProperty("FullPath").GetString());
        Assert.That(items, Has.One.EndsWith("Chats.g.cs"));
        Assert.That(_clone.PathOf(Generated), Does.Exist);
    }

    [Test]
    public void A_contract_that_the_templates_refuse_fails_every_build_until_it_is_fixed()
    {
        Build("src/Chats", "-f", "net10.0");
        _clone.Change(
            Contract,
            text => text.Replace("          maxLength: 4096\n", "          maxLenght: 4096\n", StringComparison.Ordinal));

        foreach (var attempt in new[] { "first", "second" })
        {
            var run = _clone.DotNet(["build", "src/Chats", "-f", "net10.0", "--no-restore", WithoutAnalyzers]);
            Assert.That(run.ExitCode, Is.Not.Zero, attempt);
            Assert.That(
                run.Output,
                Does.Contain("error CS1029").And.Contain("chats.yaml: schema SendMessageToChatRequest, property message: the keyword 'maxLenght' is not known"),
                attempt);
        }

        _clone.Git("checkout", "-q", "--", ".");
        Build("src/Chats", "-f", "net10.0");
    }

    [TestCase("paths:", "paths", "While scanning")]
    [TestCase(
        "schemas/ChatMessagePayload'",
        "schemas/ChatMessagePaylod'",
        "Could not resolve the path '#/components/schemas/ChatMessagePaylod'")]
    public void A_contract_that_cannot_be_read_fails_every_build_and_leaves_no_earlier_client(string find, string replacement, string words)
    {
        Generate();
        _clone.Change(Contract, text => text.Replace(find, replacement, StringComparison.Ordinal));

        foreach (var attempt in new[] { "first", "second" })
        {
            var run = _clone.DotNet(["build", "src/Chats", "-f", "net10.0", "--no-restore", WithoutAnalyzers]);
            Assert.That(run.ExitCode, Is.Not.Zero, attempt);
            Assert.That(run.Output, Does.Contain("chats.yaml : error CHATS002: The contract cannot be read").And.Contain(words), attempt);
            Assert.That(_clone.PathOf(Generated), Does.Not.Exist, attempt);
        }
    }

    private static CommandLine Build(string project, params string[] more) =>
        Succeeded(_clone.DotNet(["build", project, "--no-restore", "-nologo", "-v:m", WithoutAnalyzers, .. more]));

    private static CommandLine Generate() => Succeeded(_clone.DotNet(["msbuild", "src/Chats", "-nologo", "-v:m", "-t:GenerateClient"]));

    private static int Runs(CommandLine build) => build.Output.Split(Marker).Length - 1;

    private static CommandLine Succeeded(CommandLine run)
    {
        Assert.That(run.ExitCode, Is.Zero, run.Output);
        return run;
    }
}
