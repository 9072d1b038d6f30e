using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli.Tests;

public sealed class SendTests
{
    [TestCase("Добрый день 😀, посылка в пути")]
    [TestCase("@response-file")]
    [TestCase("-5 degrees")]
    [TestCase("--not-an-option")]
    [TestCase("two\nlines\n")]
    [TestCase(" spaces at both ends ")]
    [TestCase("\"quotes\" and \\ and \t")]
    public async Task A_text_arrives_as_it_was_given_and_once(string text)
    {
        await using var service = await TestService.StartAsync();

        var ran = await new TestTool().RunAsync(service.Send("--text", text));

        Assert.That(ran, Is.EqualTo(new Ran(0, "sent" + Environment.NewLine, "")));
        Assert.That(service.Chat.Messages.Skip(3).Select(it => (it.Sender, it.Text)), Is.EqualTo(new[] { (EmulatedSender.Partner, text) }));
    }

    [TestCase("plain", "plain")]
    [TestCase("a line\n", "a line")]
    [TestCase("a line\r\n", "a line")]
    [TestCase("two\nlines\n\n", "two\nlines\n")]
    [TestCase("  indented\n", "  indented")]
    public async Task Without_text_all_of_the_input_but_its_last_line_break_is_sent(string input, string sent)
    {
        await using var service = await TestService.StartAsync();

        var ran = await new TestTool { Input = new StringReader(input) }.RunAsync(service.Send());

        Assert.That((ran.ExitCode, service.Chat.Messages[^1].Text), Is.EqualTo((0, sent)));
    }

    [Test]
    public async Task A_key_on_the_input_beats_the_variable_and_the_rest_is_the_text()
    {
        await using var service = await TestService.StartAsync();
        var tool = new TestTool { Input = new StringReader("demo-all\nfirst\nsecond\n"), Environment = { ["CHATS_API_KEY"] = "demo-none" } };

        var ran = await tool.RunAsync(service.Send("--key-stdin"));

        Assert.That((ran.ExitCode, service.Chat.Messages[^1].Text), Is.EqualTo((0, "first\nsecond")));
    }

    [Test]
    public async Task A_key_on_the_input_goes_with_a_text_in_an_argument()
    {
        await using var service = await TestService.StartAsync();
        var tool = new TestTool { Input = new StringReader("demo-all\nnot this"), Environment = { ["CHATS_API_KEY"] = "" } };

        var ran = await tool.RunAsync(service.Send("--key-stdin", "--text", "this"));

        Assert.That((ran.ExitCode, service.Chat.Messages[^1].Text), Is.EqualTo((0, "this")));
    }

    [Test]
    public async Task A_person_at_a_terminal_is_told_how_to_end_the_text()
    {
        await using var service = await TestService.StartAsync();

        var ran = await new TestTool { Input = new StringReader("typed\n"), IsTerminal = true }.RunAsync(service.Send());

        Assert.That((ran.ExitCode, service.Chat.Messages[^1].Text), Is.EqualTo((0, "typed")));
        Assert.That(ran.Error, Does.StartWith("Type the text, and end it with Ctrl-"));
    }

    [Test]
    public async Task With_json_a_script_reads_that_it_was_sent()
    {
        await using var service = await TestService.StartAsync();

        var ran = await new TestTool().RunAsync(service.Send("--text", "Hello", "--json"));

        Assert.That((ran.ExitCode, (int)ran.Json["exitCode"]!, (string?)ran.Json["sent"], ran.Error), Is.EqualTo((0, 0, "yes", "")));
    }

    [Test]
    public async Task A_full_disk_does_not_unsend_a_message([Values] bool json)
    {
        await using var service = await TestService.StartAsync();

        var ran = await new TestTool { Output = new FullDisk() }.RunAsync(service.Send(["--text", "Hello", .. json ? ["--json"] : Array.Empty<string>()]));

        Assert.That((ran.ExitCode, service.Emulator.Requests.TotalDelivered), Is.EqualTo((0, 1L)));
    }
}
