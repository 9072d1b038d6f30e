namespace YandexMarket.Chats.Consumers.Tests;

/// <summary>The first minutes of a newcomer, with the README in one hand and the packages in the other.</summary>
[Slow]
internal sealed partial class FirstUseTests
{
    [Test]
    public void The_demo_of_the_tool_runs_from_its_package()
    {
        var environment = new Dictionary<string, string?> { ["DOTNET_ROOT"] = EmulatorTool.DotNetRoot, ["CHATS_API_KEY"] = null };
        var run = CommandLine.Run(Feed.Outside.Path, Feed.Tool, ["demo"], environment);

        Assert.That(run.Output, Does.Contain("✓").And.Contain("All 7 steps passed.").And.Not.Contain("\u001b"), "In UTF-8 and without colors.");
        Assert.That(run.ExitCode, Is.Zero);
    }

    [Test]
    public async Task The_first_example_of_the_README_works_in_an_empty_folder()
    {
        const string Using = "using YandexMarket.Chats;";
        const string Options = "new ChatsClientOptions { ";
        var example = CSharp().Match(File.ReadAllText(Repository.PathOf("README.md")).ReplaceLineEndings("\n")).Groups[1].Value;
        Assert.That(example, Does.StartWith(Using).And.Contain(Options), "The test puts its values there.");
        Directory.CreateDirectory(Feed.Outside.PathOf("First"));

        Feed.DotNet("First", "new", "console");
        Feed.DotNet("First", "add", "package", "YandexMarket.Chats");
        Feed.Outside.Write("First/Program.cs", example
            .Replace(Using, $"{Using} var (key, businessId, chatId, messageId) = (\"demo-all\", 1, 2, 1);", StringComparison.Ordinal)
            .Replace(Options, $"{Options}BaseAddress = new Uri(args[0]), ", StringComparison.Ordinal));
        Feed.DotNet("First", "build", "-nologo");
        using var emulator = new EmulatorTool();
        var run = emulator.Run("dotnet", Feed.Outside.PathOf("First/bin/Debug/net10.0/First.dll"), emulator.BaseAddress);

        Assert.That(run.Output.Trim(), Is.EqualTo("Customer: Hello! My parcel has arrived, but is this the right lamp?"));
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(
            File.ReadAllText(Feed.Outside.PathOf("First/First.csproj")),
            Does.Contain($"\"YandexMarket.Chats\" Version=\"{Feed.Version}\""));
        Assert.That(example, Does.Contain($"\"{await emulator.TextAsync(4)}\""), "What the example sends has arrived.");
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();
}
