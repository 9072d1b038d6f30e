namespace YandexMarket.Chats.Cli.Tests;

/// <summary>Wrong use: one clear message, which quotes neither the key nor a text, exit code 2, and no request at all.</summary>
public sealed class UsageTests : ServiceFixture
{
    private const string Chat2 = "send --business 1 --chat 2";
    private const string Full = $"{Chat2} --text {Secret.Text}";

    private static readonly TestCaseData[] _wrongUses =
    [
        Wrong("--business", $"send --chat 2 --text {Secret.Text}"),
        Wrong("--chat", $"send --business 1 --text {Secret.Text}"),
        Wrong("--business requires a whole number", $"send --business {Secret.Key} --chat 2 --text {Secret.Text}"),
        Wrong("businessId must be at least 1", $"send --business 0 --chat 2 --text {Secret.Text}"),
        Wrong("chatId must be at least 1", $"send --business 1 --chat -2 --text {Secret.Text}"),
        Wrong("messageId must be at least 1", "get --business 1 --chat 2 --message 0"),
        Wrong("--message", "get --business 1 --chat 2"),
        Wrong("The text is empty", Chat2, more: ["--text", ""]),
        Wrong("The text is empty", Chat2),
        Wrong("message has 4097 characters", Chat2, more: ["--text", Secret.Text.PadRight(4097, 'x')]),
        Wrong("surrogate", Chat2, more: ["--text", $"{Secret.Text}\ud83d!"]),
        Wrong("U+FFFD", Chat2, more: ["--text", $"{Secret.Text}\ufffd"]),
        Wrong("instead of a text", $"{Chat2} --text --json"),
        Wrong("--text", $"{Chat2} --text"),
        Wrong("--text", $"{Full} --text {Secret.Text}"),
        Wrong("The text contains the key", Chat2, more: ["--text", $"{Secret.Text}: {Secret.Key}"]),
        Wrong("--timeout requires a number of seconds", $"{Full} --timeout 0"),
        Wrong("--timeout requires a number of seconds", $"{Full} --timeout 0.00000001"),
        Wrong("--timeout requires a number of seconds", $"{Full} --timeout 1e9"),
        Wrong("--timeout requires a number of seconds", $"{Full} --timeout {Secret.Key}"),
        Wrong("Unrecognized arguments: 1", $"{Chat2} {Secret.Text}"),
        Wrong("Unrecognized arguments: 1", $"send {Secret.Key}"),
        Wrong("Unrecognized arguments: --bussiness, 1 not shown", "get --bussiness 1 --chat 2 --message 2"),
        Wrong("Unrecognized arguments: --key, --and, 1 not shown", $"{Full} --key {Secret.Key} --and"),
        Wrong("Unrecognized arguments: 1", $"{Full} --key={Secret.Key}"),
        Wrong("1 not shown", "sned"),
        Wrong("2 not shown", $"{Secret.Key} {Secret.Text}"),

        Wrong("--base-address requires an absolute URI", $"{Full} --base-address example.org"),
        Wrong("its scheme is not https", $"{Full} --base-address ftp://example.org/"),
        Wrong("its scheme is not https", $"{Full} --base-address {Secret.Key}"),
        Wrong("user information", $"{Full} --base-address https://user:{Secret.Key}@example.org/v2/"),
        Wrong("query", $"{Full} --base-address https://example.org/v2/?a={Secret.Key}"),
        Wrong(
            "--base-address: plain http would expose the key on the network; use https (http is for loopback, and for test networks with --allow-insecure-http).",
            $"{Full} --base-address http://example.org/v2/"),
        Wrong("plain http would expose the key", "doctor --base-address http://example.org/v2/"),

        Wrong("Set the environment variable CHATS_API_KEY", Full, key: null),
        Wrong("Set the environment variable CHATS_API_KEY", Full, key: ""),
        Wrong("the key contains a line break", Full, key: Secret.Key + '\n'),
        Wrong("the key contains a space", Full, key: $"{Secret.Key} {Secret.Key}"),
        Wrong("starts with \"Bearer \"", Full, key: $"Bearer {Secret.Key}"),
        Wrong("non-ASCII", Full, key: $"{Secret.Key}ключ"),
        Wrong("The first line of standard input is empty", $"{Chat2} --key-stdin", input: $"\n{Secret.Text}\n"),
        Wrong("The first line of standard input is empty", $"{Chat2} --key-stdin"),
        Wrong("The text is empty", $"{Chat2} --key-stdin", input: $"{Secret.Key}\n"),
        Wrong("the key contains a space", $"{Chat2} --key-stdin", input: "Zitronenfalter, I forgot the key\n"),
    ];

    [TestCaseSource(nameof(_wrongUses))]
    public async Task Wrong_use_is_reported_without_the_key_and_the_text_and_no_request_is_made(string told, string[] args, string? key, string input)
    {
        var isCall = args[0] is "send" or "get" && !args.Contains("--base-address");
        string[] all = isCall ? [args[0], "--base-address", $"{Emulator.BaseAddress}", .. args[1..]] : args;
        TestTool Tool() => new() { Input = new StringReader(input), Environment = { ["CHATS_API_KEY"] = key } };

        var forPerson = await Tool().RunAsync(all);
        var forScript = await Tool().RunAsync([all[0], "--json", .. all[1..]]);

        using var scope = Assert.EnterMultipleScope();
        Assert.That((forPerson.ExitCode, forPerson.Out, Emulator.Requests.Total), Is.EqualTo((2, "", 0L)));
        Assert.That(forPerson.Error, Does.StartWith("chats: ").And.Contains(told).And.Not.Contains("(Parameter"));
        Assert.That((forScript.ExitCode, (int)forScript.Json["exitCode"]!, forScript.Error), Is.EqualTo((2, 2, "")));
        Assert.That((string?)forScript.Json["error"]!["message"], Does.Contain(told));
        Assert.That((string?)forScript.Json["sent"], Is.EqualTo(args[0] == "send" ? "no" : null));
        Secret.AssertNotIn(forPerson.All + forScript.All);
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

    [Test]
    public async Task Plain_http_to_another_machine_can_be_allowed()
    {
        var ran = await new TestTool().RunAsync(
            ["get", "--business", "1", "--chat", "2", "--message", "1", "--base-address", "http://chats.invalid/v2/", "--allow-insecure-http"]);

        Assert.That(ran.ExitCode, Is.EqualTo(3), "It looks for the host.");
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
        Assert.That(ran.Out, Does.Contain("  chats ").And.Contain(ExitCode.Help));
    }

    /// <summary>The words of a command line, and more arguments, which may contain blanks.</summary>
    private static TestCaseData Wrong(string told, string line, string? key = Secret.Key, string input = "", string[]? more = null) =>
        new TestCaseData(told, (string[])[.. line.Split(' '), .. more ?? []], key, input).SetArgDisplayNames(told, line, $"{key?.Length}", $"{input.Length}");
}
