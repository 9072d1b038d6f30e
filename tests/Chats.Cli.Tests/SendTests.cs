namespace YandexMarket.Chats.Cli.Tests;

public sealed class SendTests : ServiceFixture
{
    [TestCase("Добрый день 😀, посылка в пути")]
    [TestCase("@response-file")]
    [TestCase("-5 degrees")]
    [TestCase("--not-an-option")]
    [TestCase("two\nlines\n")]
    [TestCase(" spaces at both ends ")]
    [TestCase("\"quotes\" and \\ and \t")]
    public async Task A_text_arrives_unchanged_and_once(string text)
    {
        var ran = await new TestTool().RunAsync(Send("--text", text));

        Assert.That(ran, Is.EqualTo(new Ran(0, "sent" + Environment.NewLine, "")));
        Assert.That(Chat.Messages.Skip(3).Select(it => (it.Sender, it.Text)), Is.EqualTo(new[] { (EmulatedSender.Partner, text) }));
    }

    [TestCase("plain", "plain")]
    [TestCase("a line\n", "a line")]
    [TestCase("a line\r\n", "a line")]
    [TestCase("two\nlines\n\n", "two\nlines\n")]
    [TestCase("  indented\n", "  indented")]
    public async Task Without_text_the_input_is_sent_without_its_trailing_line_break(string input, string sent)
    {
        var ran = await new TestTool { Input = new StringReader(input) }.RunAsync(Send());

        Assert.That((ran.ExitCode, Chat.Messages[^1].Text), Is.EqualTo((0, sent)));
    }

    [TestCase("demo-all\nfirst\nsecond\n", null, "first\nsecond")]
    [TestCase("demo-all\nnot this", "this", "this")]
    public async Task A_key_on_standard_input_overrides_the_variable_and_the_rest_is_the_text_if_there_is_no_other(string input, string? text, string sent)
    {
        var tool = new TestTool { Input = new StringReader(input), Environment = { ["CHATS_API_KEY"] = "demo-none" } };

        var ran = await tool.RunAsync(Send(text is null ? ["--key-stdin"] : ["--key-stdin", "--text", text]));

        Assert.That((ran.ExitCode, Chat.Messages[^1].Text), Is.EqualTo((0, sent)));
    }

    [Test]
    public async Task A_person_at_a_terminal_is_told_how_to_end_the_text()
    {
        var ran = await new TestTool { Input = new StringReader("typed\n"), IsTerminal = true }.RunAsync(Send());

        Assert.That((ran.ExitCode, Chat.Messages[^1].Text), Is.EqualTo((0, "typed")));
        Assert.That(ran.Error, Does.StartWith("Type the text, and end it with Ctrl-"));
    }

    [Test]
    public void The_input_is_read_as_UTF_8_with_or_without_a_BOM([Values] bool withMark)
    {
        byte[] bytes = [.. withMark ? [0xEF, 0xBB, 0xBF] : Array.Empty<byte>(), .. "Жук 😀\n"u8];

        using var reader = Shell.OpenInput(new MemoryStream(bytes));

        Assert.That(reader.ReadToEnd(), Is.EqualTo("Жук 😀\n"));
    }

    [Test]
    public async Task Input_in_another_encoding_is_rejected_and_not_guessed([Values("utf-16", "utf-16BE", "iso-8859-1")] string encoding)
    {
        var it = Encoding.GetEncoding(encoding);
        using var input = Shell.OpenInput(new MemoryStream([.. it.Preamble, .. it.GetBytes("Größe")]));

        var ran = await new TestTool { Input = input }.RunAsync(Send());

        Assert.That((ran.ExitCode, Emulator.Requests.Total), Is.EqualTo((2, 0L)));
        Assert.That(ran.Error, Does.Contain("Standard input is not UTF-8"));
    }

    [Test]
    public async Task With_json_the_output_says_only_that_it_was_sent()
    {
        var ran = await new TestTool().RunAsync(Send("--text", "Hello", "--json"));

        Assert.That((ran.ExitCode, Regex.Replace(ran.Out, "\\s", ""), ran.Error), Is.EqualTo((0, """{"exitCode":0,"sent":"yes"}""", "")));
    }
}
