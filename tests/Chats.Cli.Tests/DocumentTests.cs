using Newtonsoft.Json.Linq;
using YamlDotNet.RepresentationModel;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>What the pages say of the tool is true: its commands, their options, its exit codes, its keys.</summary>
public sealed partial class DocumentTests : ServiceFixture
{
    /// <summary>Every command line of the tool, as <c>get --business 1 …</c>, in blocks for the shell and between back quotes.</summary>
    private static IEnumerable<TestCaseData> Commands =>
        from page in Pages.All
        from text in page.Codes.Concat(page.Blocks.Where(block => block.Language == "sh").SelectMany(block => block.Text.Split('\n')))
        from Match match in Command().Matches(text.Split(" #")[0])
        where match.Groups[1].Value.Trim().Length > 0
        select new TestCaseData(match.Groups[1].Value.Trim()).SetArgDisplayNames(page.Path, match.Groups[1].Value.Trim());

    [TestCaseSource(nameof(Commands))]
    public async Task Every_documented_command_exists_with_its_options(string line) =>
        Assert.That(await StrangersAsync(line), Is.Empty);

    [TestCase("src/Chats.Cli/PACKAGE.md", "chats get ", "message 3 · Customer")]
    [TestCase("src/Chats.Cli/PACKAGE.md", "chats send ", "sent")]
    [TestCase("docs/testing.md", "CHATS_API_KEY=demo-all ", "message 1 · Customer")]
    public async Task An_example_works(string page, string start, string output)
    {
        var line = Pages.Read(page).Blocks.SelectMany(block => block.Text.Split('\n')).First(line => line.StartsWith(start, StringComparison.Ordinal));
        var command = Command().Match(line).Groups[1].Value.Replace("--base-address http://127.0.0.1:8080/v2/", "", StringComparison.Ordinal);

        var ran = await new TestTool().RunAsync(With([.. Word().Matches(command).Select(word => word.Value.Trim('"'))]));

        Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((0, "")));
        Assert.That(ran.Out, Does.StartWith(output));
    }

    [Test]
    public async Task The_curls_of_the_page_about_testing_write_as_the_buyer_read_the_chat_and_plan_a_fault()
    {
        await using var run = await EmulatorRun.StartAsync();
        var page = Pages.Read("docs/testing.md").Blocks.Single(block => block.Text.StartsWith("curl ", StringComparison.Ordinal)).Text;
        var responses = new List<JObject>();
        foreach (var line in page.Replace("127.0.0.1:8080", run.Address.Authority, StringComparison.Ordinal).Split("\ncurl "))
        {
            responses.Add(await CurlAsync(line));
        }

        Assert.That(responses[0].Value<string>("id"), Is.EqualTo("4"), $"{responses[0]}");
        Assert.That(responses[1]["messages"]!.Select(message => (string?)message["text"]), Is.EqualTo(["Where is my order?"]));
        Assert.That(responses[2].Value<string>("pending"), Is.EqualTo("1"), $"{responses[2]}");
        Assert.That(await run.SendAsync("Hello"), Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That((string?)(await run.ReadAsync(5))["message"], Is.EqualTo("Hello"), "After delivery.");
    }

    [Test]
    public void The_documented_exit_codes_match_the_help()
    {
        var rows = Pages.Read("docs/errors.md").Table("code").ToList();

        Assert.That(rows.Select(row => int.Parse(row[0], CultureInfo.InvariantCulture)), Is.EqualTo(Enumerable.Range(0, 5)));
        Assert.That(rows.Where(row => !ExitCode.Help.Contains($"  {row[0]}  {row[1].Split([';', ':', ','])[0]}", StringComparison.Ordinal)), Is.Empty);
        Assert.That(Pages.Read("src/Chats.Cli/PACKAGE.md").Blocks.Select(block => block.Text), Has.Member(ExitCode.Help.ReplaceLineEndings("\n")));
    }

    [Test]
    public void The_documented_keys_are_the_demo_keys() => Assert.That(
        Pages.Read("docs/testing.md").Table("key").Select(row => row[0].Trim('`')),
        Is.EqualTo([DemoData.FullKey, DemoData.ReadOnlyKey, DemoData.KeyWithoutScopes]));

    [Test]
    public async Task The_compose_file_beside_the_samples_uses_commands_of_the_tool_and_settings_of_a_valid_client()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Repository.Read("samples/Docker/docker-compose.yml")));
        var services = yaml.Documents[0].RootNode["services"];
        string[] Words(params string[] path) => [.. ((YamlSequenceNode)path.Aggregate(services, (node, name) => node[name])).Select(word => $"{word}")];
        var health = Words("emulator", "healthcheck", "test");
        var settings = ((YamlMappingNode)services["bot"]["environment"]).ToDictionary(entry => $"{entry.Key}", entry => $"{entry.Value}");
        var options = new ChatsClientOptions
        {
            ApiKey = settings["Chats__ApiKey"],
            BaseAddress = new Uri(settings["Chats__BaseAddress"]),
            AllowInsecureHttp = bool.Parse(settings["Chats__AllowInsecureHttp"]),
        };

        Assert.That(await StrangersAsync(string.Join(' ', Words("emulator", "command"))), Is.Empty);
        Assert.That(await StrangersAsync(string.Join(' ', health[3..])), Is.Empty);
        Assert.That(health[..3], Is.EqualTo(["CMD", "dotnet", "YandexMarket.Chats.Cli.dll"]));
        Assert.That(Words("emulator", "ports"), Is.All.StartsWith("127.0.0.1:"), "They are published only on this machine.");
        Assert.That(options.Validate, Throws.Nothing);
        Assert.That(options.BaseAddress.Host, Is.EqualTo("emulator"), "The name of the other service.");
        Assert.That(settings.Keys.Where(name => name.StartsWith("Chats__", StringComparison.Ordinal)), Has.Exactly(3).Items);
    }

    /// <summary>Does what curl does: an address, headers, and data that make it a POST.</summary>
    private static async Task<JObject> CurlAsync(string line)
    {
        var words = Regex.Matches(line, "'([^']*)'|([^ \n\\\\]+)").Select(match => match.Groups[1].Value + match.Groups[2].Value).SkipWhile(word => word == "curl").ToArray();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, words[0]);
        if (words.Contains("--data"))
        {
            (request.Method, request.Content) = (HttpMethod.Post, new StringContent(words[^1]));
            request.Content.Headers.ContentType = null;
        }

        foreach (var header in words.Index().Where(word => word.Item == "--header").Select(word => words[word.Index + 1].Split(": ")))
        {
            _ = request.Headers.TryAddWithoutValidation(header[0], header[1]) || request.Content!.Headers.TryAddWithoutValidation(header[0], header[1]);
        }

        using var response = await http.SendAsync(request);
        return JObject.Parse(await response.Content.ReadAsStringAsync());
    }

    /// <summary>The command and the options that the tool does not have.</summary>
    private static async Task<IEnumerable<string>> StrangersAsync(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var commands = (await new TestTool().RunAsync(["--help"])).Out;
        var isCommand = Regex.IsMatch(commands, $@"(?m)^  {Regex.Escape(words[0])} ");
        var help = isCommand ? (await new TestTool().RunAsync([words[0], "--help"])).Out : commands;
        return words.Where((word, index) => word.StartsWith('-') ? !Regex.IsMatch(help, $@"(?m)[ ,]{Regex.Escape(word)}[ ,\r\n]") : index == 0 && !isCommand);
    }

    [GeneratedRegex(@"(?:^|[\s|])(?:chats|dotnet run --project src/Chats\.Cli --)(?: ([^|<>]*)|$)")]
    private static partial Regex Command();

    [GeneratedRegex("\"[^\"]*\"|[^ \"]+")]
    private static partial Regex Word();
}
