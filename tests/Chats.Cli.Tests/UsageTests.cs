namespace YandexMarket.Chats.Cli.Tests;

/// <summary>Wrong use: one clear message, exit code 2, and no request at all.</summary>
public sealed class UsageTests : ServiceFixture
{
    private static readonly TestCaseData[] _wrongSends =
    [
        Wrong("--business", ["send", "--chat", "2", "--text", "x"]),
        Wrong("--chat", ["send", "--business", "1", "--text", "x"]),
        Wrong("--business requires a whole number", ["send", "--business", "one", "--chat", "2", "--text", "x"]),
        Wrong("businessId must be at least 1", ["send", "--business", "0", "--chat", "2", "--text", "x"]),
        Wrong("chatId must be at least 1", ["send", "--business", "1", "--chat", "-2", "--text", "x"]),
        Wrong("messageId must be at least 1", ["get", "--business", "1", "--chat", "2", "--message", "0"]),
        Wrong("--message", ["get", "--business", "1", "--chat", "2"]),
        Wrong("The text is empty", ["send", "--business", "1", "--chat", "2", "--text", ""]),
        Wrong("The text is empty", ["send", "--business", "1", "--chat", "2"]),
        Wrong("message has 4097 characters", ["send", "--business", "1", "--chat", "2", "--text", new string('x', 4097)]),
        Wrong("surrogate", ["send", "--business", "1", "--chat", "2", "--text", "\ud83d!"]),
        Wrong("instead of a text", ["send", "--business", "1", "--chat", "2", "--text", "--json"]),
        Wrong("--text", ["send", "--business", "1", "--chat", "2", "--text"]),
        Wrong("The text contains the key", ["send", "--business", "1", "--chat", "2", "--text", "my key: demo-all"]),
        Wrong("--timeout requires a number of seconds", ["send", "--business", "1", "--chat", "2", "--text", "x", "--timeout", "0"]),
        Wrong("--timeout requires a number of seconds", ["send", "--business", "1", "--chat", "2", "--text", "x", "--timeout", "1e9"]),
        Wrong("--timeout requires a number of seconds", ["send", "--business", "1", "--chat", "2", "--text", "x", "--timeout", "soon"]),
        Wrong("Unrecognized arguments: 1", ["send", "--business", "1", "--chat", "2", "x"]),
        Wrong("Unrecognized arguments: --bussiness, 1 not shown", ["get", "--bussiness", "1", "--chat", "2", "--message", "2"]),
        Wrong("Unrecognized arguments: --key, --and, 1 not shown", ["send", "--business", "1", "--chat", "2", "--text", "x", "--key", "secret", "--and"]),
        Wrong("Unrecognized arguments", ["sned"]),
    ];

    private static readonly TestCaseData[] _wrongKeys =
    [
        Wrong("Set the environment variable CHATS_API_KEY", null, null),
        Wrong("Set the environment variable CHATS_API_KEY", "", null),
        Wrong("the key contains a line break", "key\n", null),
        Wrong("the key contains a space", "a key", null),
        Wrong("starts with \"Bearer \"", "Bearer key", null),
        Wrong("non-ASCII", "ключ", null),
        Wrong("The first line of standard input is empty", "demo-all", "\nHello\n"),
        Wrong("The first line of standard input is empty", "demo-all", ""),
        Wrong("The text is empty", "demo-none", "demo-all\n"),
        Wrong("the key contains a space", "demo-all", "Hello, I forgot the key\n"),
    ];

    [TestCaseSource(nameof(_wrongSends))]
    public async Task Invalid_arguments_are_reported_and_no_request_is_made(string told, string[] args)
    {
        string[] all = args is ["sned"] ? args : [args[0], "--base-address", $"{Emulator.BaseAddress}", .. args[1..]];

        var forPerson = await new TestTool().RunAsync(all);
        var forScript = await new TestTool().RunAsync([args[0], "--json", .. all[1..]]);

        using var scope = Assert.EnterMultipleScope();
        Assert.That((forPerson.ExitCode, forPerson.Out, Emulator.Requests.Total), Is.EqualTo((2, "", 0L)));
        Assert.That(forPerson.Error, Does.StartWith("chats: ").And.Contains(told).And.Not.Contains("(Parameter"));
        Assert.That((forScript.ExitCode, (int)forScript.Json["exitCode"]!, forScript.Error), Is.EqualTo((2, 2, "")));
        Assert.That((string?)forScript.Json["error"]!["message"], Does.Contain(told));
        Assert.That((string?)forScript.Json["sent"], Is.EqualTo(args[0] == "send" ? "no" : null));
    }

    [TestCase("--help")]
    [TestCase("-h")]
    [TestCase("/h")]
    [TestCase("-?")]
    [TestCase("/?")]
    [TestCase("--version")]
    [TestCase("--text")]
    [TestCase("--json=true")]
    [TestCase("--timeout:9")]
    public async Task No_option_is_sent_to_a_buyer_in_place_of_a_text(string option)
    {
        var ran = await new TestTool().RunAsync(Send("--text", option));
        var meant = await new TestTool { Input = new StringReader(option) }.RunAsync(Send());

        Assert.That((ran.ExitCode, meant.ExitCode, Chat.Messages[^1].Text), Is.EqualTo((2, 0, option)));
        Assert.That(ran.All, Does.Contain("--text"));
    }

    [TestCase(true, "send", "--json")]
    [TestCase(true, "send", "--json=true")]
    [TestCase(true, "send", "--json:true")]
    [TestCase(true, "send", "--json", "true")]
    [TestCase(true, "sned", "--json=true")]
    [TestCase(true, "send", "--json", "--business", "one")]
    [TestCase(true, "send", "--json=maybe")]
    [TestCase(false, "send", "--json=false")]
    [TestCase(false, "send", "--json", "false")]
    public async Task Invalid_arguments_are_reported_as_JSON_if_requested_in_any_form(bool isJson, params string[] args)
    {
        var ran = await new TestTool().RunAsync(args);

        Assert.That((ran.ExitCode, ran.Out.StartsWith('{'), ran.Error.StartsWith("chats: ", StringComparison.Ordinal)), Is.EqualTo((2, isJson, !isJson)));
    }

    [TestCaseSource(nameof(_wrongKeys))]
    public async Task A_missing_or_malformed_key_is_reported_and_no_request_is_made(string told, string? variable, string? input)
    {
        var tool = new TestTool { Input = new StringReader(input ?? ""), Environment = { ["CHATS_API_KEY"] = variable } };

        var ran = await tool.RunAsync(input is null ? Send("--text", "Hello") : Send("--key-stdin"));

        Assert.That((ran.ExitCode, ran.Out, Emulator.Requests.Total), Is.EqualTo((2, "", 0L)));
        Assert.That(ran.Error, Does.StartWith("chats: ").And.Contains(told).And.Not.Contains("(Parameter"));
    }

    [TestCase("example.org", "--base-address requires an absolute URI")]
    [TestCase("ftp://example.org/", "its scheme is not https")]
    [TestCase("http://example.org/v2/", "--base-address: plain http would expose the key on the network; use https (http is for loopback, and for test networks with --allow-insecure-http).")]
    [TestCase("https://user:password@example.org/v2/", "user information")]
    [TestCase("https://example.org/v2/?a=b", "query")]
    public async Task An_address_that_is_invalid_or_would_expose_the_key_is_rejected(string address, string told)
    {
        var ran = await new TestTool().RunAsync(["send", "--business", "1", "--chat", "2", "--text", "x", "--base-address", address]);

        Assert.That((ran.ExitCode, ran.Out), Is.EqualTo((2, "")));
        Assert.That(ran.Error, Does.Contain(told).And.Not.Contains("password"));
    }

    [Test]
    public async Task Plain_http_to_another_machine_has_to_be_allowed()
    {
        string[] get = ["get", "--business", "1", "--chat", "2", "--message", "1", "--base-address", "http://chats.invalid/v2/"];

        var refused = await new TestTool().RunAsync(get);
        var allowed = await new TestTool().RunAsync([.. get, "--allow-insecure-http"]);

        Assert.That((refused.ExitCode, allowed.ExitCode), Is.EqualTo((2, 3)), "Allowed, it looks for the host.");
    }

    [Test]
    public async Task A_key_must_not_be_typed_visibly()
    {
        var tool = new TestTool { Input = new StringReader("demo-all\nHello"), IsTerminal = true };

        var ran = await tool.RunAsync(Send("--key-stdin"));

        Assert.That((ran.ExitCode, Emulator.Requests.Total), Is.EqualTo((2, 0L)));
        Assert.That(ran.Error, Does.Contain("a typed key would be visible"));
        Assert.That(await tool.Input.ReadToEndAsync(), Is.EqualTo("demo-all\nHello"), "The input was not even read.");
    }

    [TestCase]
    [TestCase("--help")]
    [TestCase("send", "--help")]
    [TestCase("get", "-h")]
    public async Task The_help_lists_every_exit_code(params string[] args)
    {
        var ran = await new TestTool().RunAsync(args);

        Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((0, "")));
        Assert.That(ran.Out, Does.Contain("  chats "));
        for (var code = 0; code <= ExitCode.MayHaveBeenSent; code++)
        {
            Assert.That(ran.Out, Does.Match($@"(?m)^  {code}  \w+"));
        }
    }

    private static TestCaseData Wrong(string told, string[] args) =>
        new TestCaseData(told, args).SetArgDisplayNames(told, string.Join(' ', args.Select(arg => arg.Length > 20 || !arg.All(char.IsAscii) ? "…" : arg)));

    private static TestCaseData Wrong(string told, string? variable, string? input) => new(told, variable, input);
}
