namespace YandexMarket.Chats.Consumers.Tests;

/// <summary>
/// Programs of other teams: each takes the packages from the feed, builds without a warning, and makes a read, a send and an error.
/// </summary>
[Slow]
internal sealed class ConsumerTests
{
    private const string Question = "Hello! My parcel has arrived, but is this the right lamp?";

    private const string Conversation = $"""
        read 1 Customer {Question}
        sent
        error 404 NOT_FOUND

        """;

    private static readonly string _source = Repository.PathOf("tests/Chats.Consumers.Tests/Consumers");

    private static IEnumerable<string> Projects =>
        Directory.EnumerateFiles(_source, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    [OneTimeSetUp]
    public static void Build()
    {
        foreach (var file in Directory.EnumerateFiles(_source, "*", SearchOption.AllDirectories))
        {
            Feed.Outside.Write(Path.GetRelativePath(_source, file), File.ReadAllText(file));
        }

        Feed.Outside.Write("Consumers.slnx", Feed.SolutionOf(Projects.Select(file => Path.GetRelativePath(_source, file))));
        File.Copy(Repository.PathOf("build/Chats.snk"), Feed.Outside.PathOf("Chats.snk"));
        Feed.DotNet(".", "build", "Consumers.slnx", "-c", "Release", "-nologo");
        Feed.DotNet(".", "publish", "Trimmed", "-c", "Release", "-nologo", "--no-build", "-o", "trimmed");
        Feed.DotNet(".", "publish", "Native", "-c", "Release", "-nologo", "--no-build", "-o", "native");
    }

    [Test]
    public void A_console_and_a_library_for_netstandard2_share_the_client_and_the_emulator_in_process()
    {
        var run = CommandLine.DotNet(Feed.Outside.Path, [Command("Console")[1]], new() { ["LC_ALL"] = "C.UTF-8" });
        var conversation = Conversation.Replace(Question, "Где мой заказ?", StringComparison.Ordinal);

        Ended(run, conversation + conversation + "Где мой заказ? | Уже в пути | Уже в пути\n");
    }

    [TestCase("Web", "Healthy\n")]
    [TestCase("Trimmed", "")]
    [TestCase("Native", "not sent\n")]
    [TestCase("Old", "not sent\n")]
    [TestCase("Framework", Conversation)]
    public async Task A_program_with_its_own_emulator(string consumer, string more)
    {
        using var emulator = new EmulatorTool();

        Ended(emulator.Run(Command(consumer)), Conversation + more);
        Assert.That(await emulator.TextAsync(4), Is.EqualTo("Уже в пути"));
    }

    [Test]
    public void The_native_program_and_the_trimmed_Newtonsoft_Json_are_small()
    {
        var whole = new FileInfo(Feed.Outside.PathOf("Console/bin/Release/net10.0/Newtonsoft.Json.dll")).Length;
        var trimmed = new FileInfo(Feed.Outside.PathOf("trimmed/Newtonsoft.Json.dll")).Length;

        TestContext.Out.WriteLine($"Newtonsoft.Json.dll: {whole} bytes, trimmed {trimmed}.");
        Assert.That(trimmed, Is.LessThan(whole / 8));
        Assert.That(new FileInfo(Command("Native")[0]).Length, Is.LessThan(16 * 1024 * 1024));
    }

    [Test]
    public void The_page_lists_all_consumers()
    {
        Assert.That(Pages.Read("docs/using.md").Table("consumer").Select(row => string.Join(" | ", row)), Is.EqualTo(Projects.Select(Row)));
    }

    private static string Row(string file)
    {
        var project = XDocument.Load(file);
        bool Is(string property) => project.Descendants(property).Any(it => it.Value == "true");
        var references = project.Descendants("PackageReference").ToLookup(it => it.Attribute("Include")!.Value.StartsWith("YandexMarket.", StringComparison.Ordinal));
        var isPinned = references[false].Any(it => it.Attribute("Version")!.Value.StartsWith('['));
        return string.Join(
            " | ",
            Path.GetFileNameWithoutExtension(file),
            project.Descendants("TargetFramework").Single().Value,
            string.Join(", ", references[true].Select(it => it.Attribute("Include")!.Value["YandexMarket.".Length..])),
            isPinned ? "the oldest" : "the defaults",
            Is("PublishAot") ? "native" : Is("PublishTrimmed") ? "trimmed" : "",
            Is("SignAssembly") ? "yes" : "");
    }

    private static string[] Command(string consumer) => consumer switch
    {
        "Trimmed" => [Feed.Outside.PathOf("trimmed/Trimmed")],
        "Native" => [Feed.Outside.PathOf(OperatingSystem.IsWindows() ? "native/Native.exe" : "native/Native")],
        "Framework" => [.. OperatingSystem.IsWindows() ? [] : new[] { Mono() }, Feed.Outside.PathOf("Framework/bin/Release/net462/Framework.exe")],
        "Old" => ["dotnet", Feed.Outside.PathOf("Old/bin/Release/net8.0/Old.dll")],
        _ => ["dotnet", Feed.Outside.PathOf($"{consumer}/bin/Release/net10.0/{consumer}.dll")],
    };

    private static void Ended(CommandLine run, string output)
    {
        Assert.That(run.Output.ReplaceLineEndings("\n"), Is.EqualTo(output.ReplaceLineEndings("\n")));
        Assert.That(run.ExitCode, Is.Zero);
    }

    private static string Mono()
    {
        var found = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "mono")).FirstOrDefault(File.Exists);
        const string Missing = "Mono is not there. Debian has it: apt-get install --no-install-recommends mono-runtime "
            + "libmono-system-core4.0-cil libmono-system-net-http4.0-cil libmono-system-runtime-serialization4.0-cil";
        return found ?? throw new AssertionException(Missing);
    }
}
