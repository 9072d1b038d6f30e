namespace YandexMarket.Chats.Cli.Tests;

/// <summary>The demo, and that its checks bite: for every step something is made wrong, and just the steps that it touches say so.</summary>
internal sealed class DemoSabotageTests
{
    private static readonly TestCaseData[] _sabotages =
    [
        Case("The page of HTML in place of the first response", [1], stage => stage.Emulator.Faults.Next(ChatsFault.HtmlPage)),
        Case("A read that loses the file", [1], stage => stage.Client = new Liar(stage.Client) { Reads = message => message.Payload = null }),
        Case("A read that names another sender", [1, 3], stage => stage.Client = new Liar(stage.Client) { Reads = message => message.Sender = ChatMessageSender.Market }),
        Case("A client that says sent and sends nothing", [2, 3, 6, 7], stage => stage.Client = new Liar(stage.Client) { Sends = (_, _) => Task.CompletedTask }),
        Case("A client that sends twice", [2], stage => stage.Client = new Liar(stage.Client)
        {
            Sends = async (send, text) =>
            {
                await send(text);
                await send(text);
            },
        }),
        Case("A client that alters the text", [2, 3, 7], stage => stage.Client = new Liar(stage.Client) { Sends = (send, text) => send(text + "!") }),
        Case("A client that repeats a lost send", [7], stage => stage.Client = new Liar(stage.Client)
        {
            Sends = async (send, text) =>
            {
                try
                {
                    await send(text);
                }
                catch (ChatsConnectionException)
                {
                    await send(text);
                    throw;
                }
            },
        }),
        Case("A read-only key that may send", [4], stage => stage.Emulator.AddKey(DemoData.ReadOnlyKey, "communication")),
        Case("A client that forgot the granted scopes", [5], stage => stage.InformedReadOnlyClient = stage.ReadOnlyClient),
        Case("A chat that exists after all", [6], stage => stage.Chat.Business.AddChat(404)),
        Case("A response that is not lost", [7], stage => stage.Emulator.Requests.Recorded += request =>
        {
            if (request.ChatId == 404)
            {
                stage.Emulator.Faults.Next(ChatsFault.SlowDrip.For(TimeSpan.Zero), operation: EmulatedOperation.SendMessageToChat);
            }
        }),
        Case("A text that appears twice", [2, 7], stage => stage.Emulator.Requests.Recorded += request =>
        {
            if (request.DeliveredMessageId is { } id)
            {
                stage.Chat.AddMessage(EmulatedSender.Partner, stage.Chat.FindMessage(id)!.Text);
            }
        }),
    ];

    [TestCaseSource(nameof(_sabotages))]
    public async Task The_steps_that_it_touches_fail_and_no_others(int[] failing, Action<DemoStage> sabotage)
    {
        using var output = new StringWriter();

        var code = await DemoCommand.RunAsync(new TestTool().ShellOver(output, TextWriter.Null), sabotage, CancellationToken.None);

        // Each step begins with its number and is followed by an empty line.
        var steps = output.ToString().ReplaceLineEndings("\n").Split("\n\n")[1..^1];
        Assert.That(steps.Where(step => step.Contains("✗ FAILED:")).Select(step => step[0] - '0'), Is.EqualTo(failing));
        Assert.That(output.ToString().TrimEnd(), Does.EndWith($"Failed: step {string.Join(", ", failing)} of 7.").And.Not.Contains("All 7 steps"));
        Assert.That((code, steps.Length), Is.EqualTo((1, 7)));
    }

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

    private static TestCaseData Case(string name, int[] failing, Action<DemoStage> sabotage) =>
        new TestCaseData(failing, sabotage).SetArgDisplayNames(name);

    /// <summary>A client with a defect.</summary>
    private sealed class Liar(IChatsClient honest) : IChatsClient
    {
        public Action<ChatMessage> Reads { get; init; } = _ => { };

        public Func<Func<string, Task>, string, Task> Sends { get; init; } = (send, text) => send(text);

        public async Task<ChatMessage> GetChatMessageAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default)
        {
            var message = await honest.GetChatMessageAsync(businessId, chatId, messageId, cancellationToken);
            Reads(message);
            return message;
        }

        public Task SendMessageToChatAsync(long businessId, long chatId, string message, CancellationToken cancellationToken = default) =>
            Sends(text => honest.SendMessageToChatAsync(businessId, chatId, text, cancellationToken), message);
    }
}
