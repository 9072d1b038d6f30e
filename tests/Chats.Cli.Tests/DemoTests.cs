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

    [Test]
    public async Task Output_that_cannot_be_written_is_no_demo()
    {
        var ran = await new TestTool { Output = new FullDisk() }.RunAsync(["demo"]);

        Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((1, "chats: An unexpected IOException." + Environment.NewLine)));
    }
}
