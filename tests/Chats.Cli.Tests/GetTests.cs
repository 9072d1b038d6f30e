namespace YandexMarket.Chats.Cli.Tests;

public sealed class GetTests : ServiceFixture
{
    [Test]
    public async Task A_message_is_printed_with_its_sender_its_text_and_its_files()
    {
        var message = Chat.Receive("Здравствуйте!\r\nГде посылка?", new ChatAttachment("фото.jpg", "https://example.org/1.jpg", 123));

        var ran = await new TestTool().RunAsync(Get("--message", $"{message.Id}"));

        Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((0, "")));
        Assert.That(Regex.Replace(ran.Out, @"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME"), Is.EqualTo($"""
            message {message.Id} · Customer · TIME +03:00

              Здравствуйте!
              Где посылка?

              фото.jpg · 123 bytes · https://example.org/1.jpg

            """));
    }

    [Test]
    public async Task A_message_without_a_text_is_printed_with_only_its_files()
    {
        var ran = await new TestTool().RunAsync(Get("--message", "3"));

        Assert.That(ran.Out.ReplaceLineEndings("\n"), Does.EndWith("+03:00\n\n  label.jpg · 31870 bytes · https://example.org/files/label.jpg\n"));
    }

    [Test]
    public async Task With_json_the_output_is_the_message_object()
    {
        var truth = Chat.Receive("Привет \"\u001b[2J\"", new ChatAttachment("a", "b", 1));

        var ran = await new TestTool().RunAsync(Get("--message", $"{truth.Id}", "--json"));

        var message = ran.Json["message"]!;
        Assert.That((ran.ExitCode, (int)ran.Json["exitCode"]!, ran.Error), Is.EqualTo((0, 0, "")));
        Assert.That(((long)message["messageId"]!, (string?)message["sender"], (string?)message["message"], (string?)message["payload"]![0]!["url"]),
            Is.EqualTo((truth.Id, "CUSTOMER", "Привет \"\u001b[2J\"", "b")));
        Assert.That(ran.Out, Does.Contain("Привет").And.Not.Contains("\u001b"));
    }

    [Test]
    public async Task A_buyer_cannot_control_the_terminal_reverse_the_text_direction_or_forge_an_output_line([Values] bool json)
    {
        var evil = string.Concat(Enumerable.Range(0, 0x10000).Select(code => (char)code)
            .Where(it => char.IsControl(it) || it is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'))) + "👩\u200d🔧\r\nmessage 9";
        var message = Chat.Receive(evil, new ChatAttachment(evil, evil, 1));

        var ran = await new TestTool().RunAsync(Get(["--message", $"{message.Id}", .. json ? ["--json"] : Array.Empty<string>()]));

        Assert.That(ran.Out.Where(it => evil.Contains(it) && !char.IsAsciiLetterOrDigit(it) && it != ' ').Distinct(),
            Is.EquivalentTo((Environment.NewLine + (json ? "" : "\t") + "👩\u200d🔧").Distinct()));
        Assert.That(ran.Out.ReplaceLineEndings("\n"), Does.Match(json ? "^{" : "^message \\d").And.Not.Contains("\nmessage"));
        Assert.That(json ? ((string?)ran.Json["message"]!["message"], (string?)ran.Json["message"]!["payload"]![0]!["name"]) : (evil, evil), Is.EqualTo((evil, evil)));
    }
}
