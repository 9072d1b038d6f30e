using System.Reflection;
using System.Runtime.InteropServices;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Trimming.Tests;

/// <summary>
/// A consumer is published with everything trimmed that nobody reaches, where a warning is an error, and then works against the emulator.
/// It needs a source that serves the runtime pack of this machine's kind.
/// </summary>
public class TrimmingTests
{
    private const string Key = "ACMA:trimmed";

    private static readonly string _root = Root();

    private string _folder = "";
    private string _published = "";

    [OneTimeSetUp]
    public async Task The_consumer_is_published_without_a_warning()
    {
        _folder = Directory.CreateTempSubdirectory("chats-trimming-").FullName;
        _published = Path.Combine(_folder, "app");
        var consumer = Path.Combine(_root, "tests", "Chats.Trimming", "Consumer", "Chats.Trimming.Consumer.csproj");

        // Folders of its own, so that this build and the one of the tests do not meet.
        var (exitCode, output) = await Tool.RunAsync(
            "dotnet",
            ["publish", consumer, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--artifacts-path", _folder, "-o", _published, "-nodeReuse:false"]);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Not.Contain("warning"));
    }

    [OneTimeTearDown]
    public void Nothing_stays_behind() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task The_trimmed_client_reads_sends_and_tells_an_error()
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey(Key, "communication");
        var chat = emulator.AddBusiness(1).AddChat(2);
        var received = chat.Receive("Где мой заказ?");

        var (exitCode, output) = await Tool.RunAsync(
            Path.Combine(_published, "YandexMarket.Chats.Trimming.Consumer"),
            [emulator.BaseAddress.AbsoluteUri, "1", "2", $"{received.Id}", "Уже в пути"],
            ("CHATS_API_KEY", Key));

        Assert.That(
            output.ReplaceLineEndings("\n"),
            Is.EqualTo($"read {received.Id} Customer Где мой заказ?\nsent\nerror 404 NOT_FOUND\n"));
        Assert.That(exitCode, Is.Zero);
        Assert.That(chat.Messages[^1].Text, Is.EqualTo("Уже в пути"));
    }

    [Test]
    public void Most_of_Newtonsoft_is_gone()
    {
        var whole = new FileInfo(typeof(Newtonsoft.Json.JsonTextReader).Assembly.Location).Length;
        var trimmed = new FileInfo(Path.Combine(_published, "Newtonsoft.Json.dll")).Length;

        TestContext.Out.WriteLine($"Newtonsoft.Json.dll: {whole} bytes, trimmed {trimmed}.");
        Assert.That(trimmed, Is.LessThan(whole / 8));
    }

    [Test]
    public void The_client_says_that_it_can_be_trimmed() => Assert.That(
        typeof(ChatsClient).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Select(one => (one.Key, one.Value)),
        Has.Member(("IsTrimmable", "True")));

    [Test]
    public async Task The_analyzers_of_trimming_and_of_native_compilation_see_the_client_and_nothing_is_hidden_from_them()
    {
        var (_, output) = await Tool.RunAsync(
            "dotnet",
            [
                "msbuild", Path.Combine(_root, "src", "Chats", "Chats.csproj"), "-p:TargetFramework=net10.0",
                "-getProperty:EnableTrimAnalyzer,EnableAotAnalyzer,EnableSingleFileAnalyzer,TreatWarningsAsErrors,NoWarn,WarningsNotAsErrors",
            ]);
        var hidden = typeof(ChatsClient).Assembly.GetTypes()
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly).Prepend(type))
            .Where(member => member.CustomAttributes.Any(attribute =>
                attribute.AttributeType.Name is "UnconditionalSuppressMessageAttribute" or "RequiresUnreferencedCodeAttribute" or "RequiresDynamicCodeAttribute"));

        Assert.That(
            output,
            Does.Match("\"EnableTrimAnalyzer\": \"true\"").And.Match("\"EnableAotAnalyzer\": \"true\"").And.Match("\"EnableSingleFileAnalyzer\": \"true\"")
                .And.Match("\"TreatWarningsAsErrors\": \"true\"").And.Not.Match("IL\\d{4}"));
        Assert.That(hidden, Is.Empty);
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Chats.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests must run inside the repository: Chats.sln was not found above them.");
    }
}
