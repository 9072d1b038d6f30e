using Newtonsoft.Json;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>The exit code of a call that failed or was stopped, compared with what the service really did.</summary>
public sealed class FailureTests : ServiceFixture
{
    private static IEnumerable<ChatsFault> Faults => ChatsFault.All;

    [Test]
    public async Task With_a_used_up_quota_nothing_is_sent_and_the_wait_is_reported()
    {
        Chat.Business.UseQuota(EmulatedOperation.SendMessageToChat, 1000);

        var forPerson = await new TestTool().RunAsync(Send("--text", "Hello"));
        var forScript = await new TestTool().RunAsync(Send("--text", "Hello", "--json"));

        Assert.That((forPerson.ExitCode, forScript.ExitCode, (string?)forScript.Json["error"]!["type"]), Is.EqualTo((3, 3, "ChatsRateLimitException")));
        Assert.That((int)forScript.Json["error"]!["retryAfterSeconds"]!, Is.InRange(0, 3600));
        Assert.That(forPerson.Error, Does.Match(@"Wait \d+ seconds\."));
    }

    [TestCaseSource(nameof(Faults))]
    public async Task After_a_fault_the_text_may_have_been_sent_and_neither_it_nor_the_key_is_quoted(ChatsFault fault)
    {
        Emulator.AddKey(Secret.Key, "communication");
        Emulator.Faults.Next(fault, times: 20);

        var sent = await Secret.Tool().RunAsync(Send("--text", Secret.Text, "--json"));
        var (total, delivered) = (Emulator.Requests.Total, Emulator.Requests.TotalDelivered);
        var message = Chat.Receive(Secret.Text);
        var read = await Secret.Tool().RunAsync(Get("--message", $"{message.Id}"));

        using var scope = Assert.EnterMultipleScope();
        Assert.That((sent.ExitCode, (int)sent.Json["exitCode"]!, (string?)sent.Json["sent"]), Is.EqualTo((4, 4, "maybe")));
        Assert.That((string?)sent.Json["error"]!["message"], Does.Contain("look into the chat before sending it again"));
        Assert.That((total, delivered), Is.EqualTo((1L, fault.IsAfterDelivery ? 1L : 0L)));
        Assert.That(read.ExitCode, Is.EqualTo(3));
        Secret.AssertNotIn(sent.All + read.All);
    }

    [Test]
    public async Task What_the_service_quotes_is_not_printed([Values(400, 401, 500)] int status, [Values] bool json)
    {
        // It does what no service should: its errors quote the whole request, key and text included.
        await using var echo = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            var quote = JsonConvert.ToString(connection.Request);
            await connection.SendAsync(RawServer.Json(
                $$"""{"status":"ERROR","errors":[{"code":"BAD","message":{{quote}}},{"code":{{quote}}}]}""",
                $"{status} {Secret.Key}",
                $"traceparent: {Secret.Key}\r\n"));
        });
        string[] more = ["--business", "1", "--chat", "2", "--base-address", $"{echo.Address}", .. json ? ["--json"] : Array.Empty<string>()];

        var sent = await Secret.Tool().RunAsync(["send", "--text", Secret.Text, .. more]);
        var read = await Secret.Tool().RunAsync(["get", "--message", "3", .. more]);

        Assert.That((sent.ExitCode, read.ExitCode, echo.Record.Complete), Is.EqualTo((status == 500 ? 4 : 3, 3, 2)));
        Assert.That(sent.All + read.All, Does.Not.Contain("exception"), "a word for developers");
        Secret.AssertNotIn(sent.All + read.All);
    }

    [Test]
    public async Task The_given_timeout_ends_a_stalled_send()
    {
        Emulator.Faults.Next(ChatsFault.Stall.AfterDelivery());

        var ran = await new TestTool().RunAsync(Send("--text", "Hello", "--timeout", "0.3", "--json"));

        Assert.That((ran.ExitCode, (string?)ran.Json["sent"], (bool)ran.Json["error"]!["isTimeout"]!), Is.EqualTo((4, "maybe", true)));
    }

    [Test]
    public async Task Before_the_client_is_asked_to_send_nothing_was_sent_whatever_went_wrong(
        [Values(typeof(IOException), typeof(InvalidOperationException), typeof(UnauthorizedAccessException))] Type exception)
    {
        using var input = new Input(() => throw (Exception)Activator.CreateInstance(exception)!);

        var ran = await new TestTool { Input = input }.RunAsync(Send("--json"));

        Assert.That((ran.ExitCode, (string?)ran.Json["sent"], Emulator.Requests.Total), Is.EqualTo((1, "no", 0L)));
    }

    [Test]
    public void After_anything_unexpected_in_the_send_itself_it_may_have_been_sent()
    {
        var shell = new TestTool().CreateShell();
        shell.IsSending = true;

        var outcome = Outcome.Of(new IOException(), isSend: true, shell);

        Assert.That((outcome.Code, (string?)outcome.Json["sent"]), Is.EqualTo((4, "maybe")));
    }

    // The service's reason is shown for a read only: that for a send may quote the text.
    [TestCase("get", "demo-all", "--chat 2 --message 404", 404, "NOT_FOUND: Can't find message by id: '404' for chat '2'")]
    [TestCase("get", "dead-key", "--chat 2 --message 2", 401, "UNAUTHORIZED: Api-Key token is invalid")]
    [TestCase("get", "demo-none", "--chat 2 --message 2", 403, "FORBIDDEN: Token does not have any of the scopes to access the API method")]
    [TestCase("send", "dead-key", "--chat 2 --text Hello", 401, null)]
    [TestCase("send", "demo-none", "--chat 2 --text Hello", 403, null)]
    [TestCase("send", "demo-read-only", "--chat 2 --text Hello", 403, null)]
    [TestCase("send", "demo-all", "--chat 404 --text Hello", 404, null)]
    public async Task A_rejected_call_has_its_exit_code_and_the_services_reason(string command, string key, string arguments, int status, string? reason)
    {
        var operation = command == "get" ? "getChatMessage" : "sendMessageToChat";
        var tool = new TestTool { Environment = { ["CHATS_API_KEY"] = key } };
        var args = With([command, "--business", "1", .. arguments.Split(' ')]);

        var forPerson = await tool.RunAsync(args);
        var forScript = await tool.RunAsync([.. args, "--json"]);

        using var scope = Assert.EnterMultipleScope();
        Assert.That((forPerson.ExitCode, forPerson.Out), Is.EqualTo((3, "")));
        Assert.That(forPerson.Error,
            Does.StartWith($"chats: {operation}: the service responded with {status}").And.Contains(reason ?? "The message was not sent."));
        Assert.That(forPerson.Error, command == "send" ? Does.Contain("  The service's reasons are not shown") : Does.Not.Contain("not shown"));
        Assert.That(forPerson.Error, Does.Not.Contain("BaseAddress"));
        Assert.That((forScript.ExitCode, forScript.Error, (int)forScript.Json["exitCode"]!), Is.EqualTo((3, "", 3)));
        Assert.That((forScript.Json.ContainsKey("sent"), (string?)forScript.Json["sent"]), Is.EqualTo(command == "send" ? (true, "no") : (false, null)));
        var error = forScript.Json["error"]!;
        Assert.That((int)error["status"]!, Is.EqualTo(status));
        Assert.That(error["reasons"]?.Values<string>(), Is.EqualTo(reason is null ? null : new[] { reason }));
        Assert.That((string?)error["traceParent"], Is.EqualTo(Emulator.Requests.Last().TraceParent));
        Assert.That((Emulator.Requests.Total, Emulator.Requests.TotalDelivered), Is.EqualTo((2L, 0L)));
    }

    [TestCase("send", 4, "maybe", "may have been sent")]
    [TestCase("get", 3, null, "Stopped.")]
    public async Task A_send_that_is_stopped_when_the_service_has_received_it_may_have_been_sent(string command, int exitCode, string? sent, string told)
    {
        using var ctrlC = new CancellationTokenSource();
        Emulator.Faults.Next(ChatsFault.Stall.AfterDelivery());
        Emulator.Requests.Recorded += _ => ctrlC.Cancel();

        var ran = await new TestTool().RunAsync(command == "get" ? Get("--json") : Send("--text", "Hello", "--json"), ctrlC.Token);

        Assert.That((ran.ExitCode, (string?)ran.Json["sent"], Emulator.Requests.TotalDelivered), Is.EqualTo((exitCode, sent, sent is null ? 0L : 1L)));
        Assert.That((string?)ran.Json["error"]!["message"], Does.Contain(told));
    }

    [TestCase("the text on standard input; or pass --text")]
    [TestCase("the key on standard input; or set CHATS_API_KEY", "--key-stdin", "--text", "Hello")]
    public async Task Input_that_does_not_arrive_is_asked_for(string wanted, params string[] more)
    {
        var clock = new ManualClock();
        var end = new TaskCompletionSource<string>();
        using var input = new Input(() => end.Task.Result);
        var shell = new TestTool { Clock = clock, Input = input }.CreateShell();
        var run = Tool.RunAsync(Send(more), shell, CancellationToken.None);
        await Until.TrueAsync(() => clock.NextDue is not null);
        clock.Advance(TimeSpan.FromSeconds(1.9));
        var early = $"{shell.Error}";
        clock.Advance(TimeSpan.FromHours(1));
        end.SetResult(more.Length > 0 ? "demo-all" : "Hello");

        Assert.That((await run, Chat.Messages[^1].Text, early), Is.EqualTo((0, "Hello", "")));
        Assert.That($"{shell.Error}", Is.EqualTo($"chats: waiting for {wanted}." + Environment.NewLine));
    }

    [Test]
    public async Task Stopping_while_the_text_is_typed_sends_nothing()
    {
        using var ctrlC = new CancellationTokenSource();
        var end = new TaskCompletionSource<string>();
        using var input = new Input(() =>
        {
            ctrlC.Cancel();
            return end.Task.Result;
        });

        var ran = await new TestTool { Input = input }.RunAsync(Send("--json"), ctrlC.Token);
        end.SetResult("");

        Assert.That((ran.ExitCode, (string?)ran.Json["sent"], Emulator.Requests.Total), Is.EqualTo((3, "no", 0L)));
    }

    [Test]
    public async Task A_demo_that_is_stopped_shows_nothing_more()
    {
        var ran = await new TestTool().RunAsync(["demo"], new CancellationToken(canceled: true));

        Assert.That((ran.ExitCode, ran.Out, ran.Error), Is.EqualTo((3, "", "chats: Stopped." + Environment.NewLine)));
    }

    private sealed class Input(Func<string> read) : TextReader
    {
        public override string ReadLine() => read();

        public override string ReadToEnd() => read();
    }
}
