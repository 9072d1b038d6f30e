namespace YandexMarket.Chats.Cli.Tests;

public sealed class DemoTests
{
    [Test]
    public async Task Every_step_comes_out_as_it_should()
    {
        var ran = await new TestTool { Environment = { ["CHATS_API_KEY"] = "" } }.RunAsync(["demo"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((0, "")));
            Assert.That(ran.Out, Does.Contain("All 7 steps passed.").And.Not.Contains("✗"));
            Assert.That(ran.Out, Does.Contain("   await client.GetChatMessageAsync(businessId: 1, chatId: 2, messageId: 2);"));
            Assert.That(ran.Out, Does.Contain("   → ChatsConnectionException · MayHaveBeenSent = true"));
            Assert.That(ran.Out, Does.Contain("   → ChatsApiException · 403 FORBIDDEN · MayHaveBeenSent = false"));
            Assert.That(ran.Out, Does.Contain("     box.jpg · 48213 bytes · https://example.org/files/box.jpg"));
        }
    }

    [Test]
    public async Task With_json_it_is_one_document_of_the_same_steps()
    {
        var ran = await new TestTool().RunAsync(["demo", "--json"]);

        var steps = ran.Json["steps"]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((ran.ExitCode, (int)ran.Json["exitCode"]!, ran.Error), Is.EqualTo((0, 0, "")));
            Assert.That(steps.Select(step => (bool)step["passed"]!), Is.EqualTo(Enumerable.Repeat(true, 7)));
            Assert.That(steps.Select(step => (string?)step["outcome"]!["exception"]), Is.EqualTo(new[]
                { null, null, null, "ChatsApiException", "ChatsScopeException", "ChatsApiException", "ChatsConnectionException" }));
            Assert.That(steps.Select(step => (bool?)step["outcome"]!["mayHaveBeenSent"]), Is.EqualTo(new bool?[] { null, null, null, false, false, false, true }));
            Assert.That(steps.Select(step => (string?)step["code"]), Is.All.Match(@"^await \w+\.\w+Async\(businessId: 1, .*\);$"));
            Assert.That((string?)steps[0]!["outcome"]!["message"]!["payload"]![0]!["name"], Is.EqualTo("box.jpg"));
        }
    }

    [TestCase(true, null, null, true)]
    [TestCase(true, "", "xterm", true)]
    [TestCase(true, "1", "xterm", false)]
    [TestCase(true, null, "dumb", false)]
    [TestCase(false, null, "xterm", false)]
    public async Task Colours_are_for_a_terminal_whose_owner_wants_them(bool isTerminal, string? noColor, string? term, bool colors)
    {
        var ran = await new TestTool { IsTerminal = isTerminal, Environment = { ["NO_COLOR"] = noColor, ["TERM"] = term } }.RunAsync(["demo"]);

        Assert.That((ran.ExitCode, ran.Out.Contains('\u001b')), Is.EqualTo((0, colors)));
    }

    [TestCase]
    [TestCase("--json")]
    public async Task Output_that_cannot_be_written_is_no_demo(params string[] options)
    {
        var ran = await new TestTool { Output = new FullDisk() }.RunAsync(["demo", .. options]);

        Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((1, options.Length > 0 ? "" : "chats: An unexpected IOException." + Environment.NewLine)));
    }
}
