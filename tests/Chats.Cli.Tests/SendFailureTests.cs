using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>The exit code of a send that failed, compared with what the service really did.</summary>
public sealed class SendFailureTests : ServiceFixture
{
    private static readonly ChatsFault[] _unclear = [.. ChatsFault.All];

    [TestCase("dead-key", "2", 401)]
    [TestCase("demo-none", "2", 403)]
    [TestCase("demo-read-only", "2", 403)]
    [TestCase("demo-all", "404", 404)]
    public async Task A_refusal_is_certainly_not_sent(string key, string chat, int status)
    {
        var tool = new TestTool { Environment = { ["CHATS_API_KEY"] = key } };
        var args = Service.With(["send", "--business", "1", "--chat", chat, "--text", "Hello"]);

        var forPerson = await tool.RunAsync(args);
        var forScript = await tool.RunAsync([.. args, "--json"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((forPerson.ExitCode, forPerson.Out), Is.EqualTo((3, "")));
            Assert.That(forPerson.Error, Does.StartWith($"chats: sendMessageToChat: the service responded {status}").And.Contains("The message was not sent."));
            Assert.That((forScript.ExitCode, (string?)forScript.Json["sent"], (int)forScript.Json["error"]!["status"]!), Is.EqualTo((3, "no", status)));
            Assert.That((Service.Emulator.Requests.Total, Service.Emulator.Requests.TotalDelivered), Is.EqualTo((2L, 0L)));
        }
    }

    [Test]
    public async Task A_used_up_quota_is_not_sent_and_tells_how_long_to_wait()
    {
        Service.Chat.Business.UseQuota(EmulatedOperation.SendMessageToChat, 1000);

        var forPerson = await new TestTool().RunAsync(Service.Send("--text", "Hello"));
        var forScript = await new TestTool().RunAsync(Service.Send("--text", "Hello", "--json"));

        Assert.That((forPerson.ExitCode, forScript.ExitCode, (string?)forScript.Json["error"]!["type"]), Is.EqualTo((3, 3, "ChatsRateLimitException")));
        Assert.That((int)forScript.Json["error"]!["retryAfterSeconds"]!, Is.InRange(0, 3600));
        Assert.That(forPerson.Error, Does.Match(@"Wait \d+ seconds\."));
    }

    [TestCaseSource(nameof(_unclear))]
    public async Task After_a_fault_the_exit_code_is_the_one_for_may_have_been_sent(ChatsFault fault)
    {
        Service.Emulator.Faults.Next(fault);

        var ran = await new TestTool().RunAsync(Service.Send("--text", "Hello", "--json"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((ran.ExitCode, (int)ran.Json["exitCode"]!, (string?)ran.Json["sent"]), Is.EqualTo((4, 4, "maybe")));
            Assert.That((string?)ran.Json["error"]!["message"], Does.Contain("look into the chat before it is sent again"));
            Assert.That((Service.Emulator.Requests.Total, Service.Emulator.Requests.TotalDelivered), Is.EqualTo((1L, fault.IsAfterDelivery ? 1L : 0L)));
        }
    }

    [Test]
    public async Task The_timeout_that_was_asked_for_ends_a_stalled_send()
    {
        Service.Emulator.Faults.Next(ChatsFault.Stall.AfterDelivery());

        var ran = await new TestTool().RunAsync(Service.Send("--text", "Hello", "--timeout", "0.3", "--json"));

        Assert.That((ran.ExitCode, (string?)ran.Json["sent"], (bool)ran.Json["error"]!["isTimeout"]!), Is.EqualTo((4, "maybe", true)));
    }

    [TestCase(typeof(IOException), 1, "no")]
    [TestCase(typeof(InvalidOperationException), 4, "maybe")]
    public async Task After_anything_unexpected_but_input_that_cannot_be_read_it_may_have_been_sent(Type exception, int exitCode, string sent)
    {
        using var input = new BrokenInput((Exception)Activator.CreateInstance(exception)!);

        var ran = await new TestTool { Input = input }.RunAsync(Service.Send("--json"));

        Assert.That((ran.ExitCode, (string?)ran.Json["sent"], Service.Emulator.Requests.Total), Is.EqualTo((exitCode, sent, 0L)));
    }

    private sealed class BrokenInput(Exception exception) : TextReader
    {
        public override string ReadToEnd() => throw exception;
    }
}
