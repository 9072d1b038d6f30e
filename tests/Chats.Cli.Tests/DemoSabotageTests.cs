namespace YandexMarket.Chats.Cli.Tests;

/// <summary>Breaks each step of the demo in turn: only the affected checks fail.</summary>
internal sealed class DemoSabotageTests
{
    private static readonly TestCaseData[] _sabotages =
    [
        Case("The page of HTML in place of the first response", [1], stage => stage.Emulator.Faults.Next(ChatsFault.HtmlPage)),
        Case("A client that says sent and sends nothing", [2, 3, 6, 6, 7, 7], stage => stage.Client = new Liar(stage.Client)),
        Case("A read-only key that may send", [4, 4], stage => stage.Emulator.AddKey(DemoData.ReadOnlyKey, "communication")),
        Case("A client that forgot the granted scopes", [5, 5], stage => stage.InformedReadOnlyClient = stage.ReadOnlyClient),
        Case("A text that appears twice", [2, 7], stage => stage.Emulator.Requests.Recorded += request =>
        {
            if (request.DeliveredMessageId is { } id)
            {
                stage.Chat.AddMessage(EmulatedSender.Partner, stage.Chat.FindMessage(id)!.Text);
            }
        }),
    ];

    [TestCaseSource(nameof(_sabotages))]
    public async Task Only_the_affected_checks_fail(int[] failing, Action<Demo> sabotage)
    {
        var shell = new TestTool().CreateShell();

        var code = await Demo.RunAsync(shell, sabotage, CancellationToken.None);

        // Each step begins with its number and is followed by an empty line.
        var output = $"{shell.Out}".ReplaceLineEndings("\n");
        var steps = output.Split("\n\n")[1..^1];
        Assert.That(steps.SelectMany(step => Regex.Matches(step, "✗ FAILED:").Select(_ => step[0] - '0')), Is.EqualTo(failing));
        Assert.That(output.TrimEnd(), Does.EndWith($"Failed: step {string.Join(", ", failing.Distinct())} of 7.").And.Not.Contains("All 7 steps"));
        Assert.That((code, steps.Length), Is.EqualTo((1, 7)));
    }

    [Test]
    public async Task Every_step_passes()
    {
        var ran = await new TestTool { Environment = { ["CHATS_API_KEY"] = "" } }.RunAsync(["demo"]);

        using var scope = Assert.EnterMultipleScope();
        Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((0, "")));
        Assert.That(ran.Out, Does.Contain("All 7 steps passed.").And.Not.Contains("✗"));
        Assert.That(ran.Out, Does.Contain("   await client.GetChatMessageAsync(businessId: 1, chatId: 2, messageId: 2);"));
        Assert.That(ran.Out, Does.Contain("   → ChatsConnectionException · MayHaveBeenSent = true"));
        Assert.That(ran.Out, Does.Contain("   → ChatsApiException · 403 FORBIDDEN · MayHaveBeenSent = false"));
        Assert.That(ran.Out, Does.Contain("     box.jpg · 48213 bytes · https://example.org/files/box.jpg"));
    }

    private static TestCaseData Case(string name, int[] failing, Action<Demo> sabotage) =>
        new TestCaseData(failing, sabotage).SetArgDisplayNames(name);

    /// <summary>Says that a text was sent, and sends nothing.</summary>
    private sealed class Liar(IChatsClient honest) : IChatsClient
    {
        public Task<ChatMessage> GetChatMessageAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default) =>
            honest.GetChatMessageAsync(businessId, chatId, messageId, cancellationToken);

        public Task SendMessageToChatAsync(long businessId, long chatId, string message, CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
