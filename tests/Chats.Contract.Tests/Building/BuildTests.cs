using System.Text.Json.Nodes;

namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>The build of the client, in a clone of its own: when it generates, and what it does with a contract that is broken.</summary>
[Slow]
[Parallelizable(ParallelScope.Self)]
internal sealed class BuildTests
{
    private const string Contract = "openapi/chats.yaml";
    private const string Generated = "src/Chats/obj/Chats.g.cs";
    private const string Client = "src/Chats";

    private static TemporaryFolder _clone = null!;

    [OneTimeSetUp]
    public static void Clone()
    {
        // A comma separates the generator's variables.
        _clone = new TemporaryFolder(", the second");
        _clone.CopyFromRepository(
            "build", "openapi", "src/Chats", "Directory.Build.props", "Directory.Packages.props", "nuget.config", ".gitignore", ".gitattributes",
            ".editorconfig");
        // Two frameworks show the same as three.
        _clone.Change("src/Chats/Chats.csproj", "netstandard2.0;net8.0;net10.0", "netstandard2.0;net10.0");
        _clone.Commit();
        DotNet("restore", Client).Succeeded();
    }

    [OneTimeTearDown]
    public static void Remove() => _clone.Dispose();

    [SetUp]
    public void Reset_to_the_real_contract_without_generated_files()
    {
        _clone.Git("checkout", "-q", "--", ".");
        File.Delete(_clone.PathOf(Generated));
    }

    [Test]
    public void A_build_for_both_frameworks_at_once_generates_once_and_not_again_if_nothing_changes()
    {
        Assert.That(Runs(Build("-m:4")), Is.EqualTo(1), "From nothing.");
        Assert.That(Runs(Build("-m:4")), Is.Zero, "Nothing has changed.");
        Assert.That(File.ReadAllText(_clone.PathOf(Generated)), Is.EqualTo(ChangedContract.Unchanged.Generate().Source), "In any folder the same bytes.");
        Assert.That(
            _clone.Git("status", "--porcelain", "--", "build", "openapi", "src").Output,
            Is.Empty,
            "The build leaves nothing behind that git sees.");
    }

    [Test]
    public void A_change_of_any_input_makes_the_generator_run_once()
    {
        var names = ItemsOf("ChatsGeneratorInput").Select(path => Path.GetRelativePath(_clone.Path, path).Replace('\\', '/'));
        var templates = Repository.Files.Where(file => file.StartsWith("build/templates/", StringComparison.Ordinal));
        Generate();
        File.SetLastWriteTimeUtc(_clone.PathOf("build/templates/Enum.liquid"), DateTime.UtcNow);

        Assert.That(names, Is.EquivalentTo([Contract, "build/nswag.json", "build/Generation.targets", "Directory.Packages.props", .. templates]));
        Assert.That(Runs(Generate()), Is.EqualTo(1));
        Assert.That(Runs(Generate()), Is.Zero);
    }

    [TestCase("net10.0")]
    [TestCase("netstandard2.0")]
    public void An_editor_that_builds_without_compiling_sees_the_generated_file(string framework)
    {
        var items = ItemsOf(
            "Compile", "-t:Compile", "-p:DesignTimeBuild=true", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true",
            "-p:BuildProjectReferences=false", $"-p:TargetFramework={framework}");

        Assert.That(items, Has.One.EndsWith("Chats.g.cs"));
        Assert.That(_clone.PathOf(Generated), Does.Exist);
    }

    [TestCase("maxLength: 4096", "maxLenght: 4096", "error CS1029", "schema SendMessageToChatRequest, property message: unknown keyword 'maxLenght'")]
    [TestCase("paths:", "paths", "chats.yaml : error CHATS002: The contract cannot be read", "While scanning")]
    public void A_broken_contract_fails_every_build_even_of_one_framework_until_it_is_fixed_and_leaves_no_earlier_client_behind(
        string text, string broken, string error, string words)
    {
        Generate();
        _clone.Change(Contract, text, broken);

        foreach (var attempt in new[] { "first", "second" })
        {
            var run = Build("-f", "net10.0");
            Assert.That(run.ExitCode, Is.Not.Zero, attempt);
            Assert.That(run.Output, Does.Contain(error).And.Contain(words), attempt);
            Assert.That(File.Exists(_clone.PathOf(Generated)), Is.EqualTo(error == "error CS1029"), attempt);
        }

        _clone.Git("checkout", "-q", "--", ".");
        Assert.That(Runs(Build("-f", "net10.0")), Is.EqualTo(1));
    }

    private static CommandLine DotNet(params string[] arguments) => CommandLine.DotNet(_clone.Path, arguments);

    // The analyzers have their turn in the build of the real project.
    private static CommandLine Build(params string[] more) =>
        DotNet(["build", Client, "--no-restore", "-nologo", "-v:m", "-p:RunAnalyzers=false", .. more]);

    private static CommandLine Generate() => DotNet("msbuild", Client, "-nologo", "-v:m", "-t:GenerateClient").Succeeded();

    private static int Runs(CommandLine build) => build.Succeeded().Output.Split("Generating C# from").Length - 1;

    /// <summary>The paths of the project's items of a type.</summary>
    private static IEnumerable<string> ItemsOf(string type, params string[] arguments)
    {
        var run = DotNet(["msbuild", Client, "-nologo", "-v:q", $"-getItem:{type}", .. arguments]).Succeeded();
        return JsonNode.Parse(run.Output)!["Items"]![type]!.AsArray().Select(item => item!["FullPath"]!.GetValue<string>());
    }
}
