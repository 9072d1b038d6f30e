using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>The exit code of a send that failed, beside what the service truly did.</summary>
public sealed class SendFailureTests
{
    private static readonly ChatsFault[] _unclear = [.. ChatsFault.All];

    [TestCase("dead-key", "2", 401)]
    [TestCase("demo-none", "2", 403)]
    [TestCase("demo-read-only", "2", 403)]
    [TestCase("demo-all", "404", 404)]
    public async Task A_refusal_is_certainly_not_sent(string key, string chat, int status)
    {
        await using var service = await TestService.StartAsync();
        var tool = new TestTool { Environment = { ["CHATS_API_KEY"] = key } };
        var args = service.With(["send", "--business", "1", "--chat", chat, "--text", "Hello"]);

        var forPerson = await tool.RunAsync(args);
        var forScript = await tool.RunAsync([.. args, "--json"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((forPerson.ExitCode, forPerson.Out), Is.EqualTo((3, "")));
            Assert.That(forPerson.Error, Does.StartWith($"chats: sendMessageToChat: the service responded {status}").And.Contains("The message was not sent."));
            Assert.That((forScript.ExitCode, (string?)forScript.Json["sent"], (int)forScript.Json["error"]!["status"]!), Is.EqualTo((3, "no", status)));
            Assert.That((service.Emulator.Requests.Total, service.Emulator.Requests.TotalDelivered), Is.EqualTo((2L, 0L)));
        }
    }

    [Test]
    public async Task A_used_up_quota_is_not_sent_and_tells_how_long_to_wait()
    {
        await using var service = await TestService.StartAsync();
        service.Chat.Business.UseQuota(EmulatedOperation.SendMessageToChat, 1000);

        var forPerson = await new TestTool().RunAsync(service.Send("--text", "Hello"));
        var forScript = await new TestTool().RunAsync(service.Send("--text", "Hello", "--json"));

        Assert.That((forPerson.ExitCode, forScript.ExitCode, (string?)forScript.Json["error"]!["type"]), Is.EqualTo((3, 3, "ChatsRateLimitException")));
        Assert.That((int)forScript.Json["error"]!["retryAfterSeconds"]!, Is.InRange(0, 3600));
        Assert.That(forPerson.Error, Does.Match(@"Wait \d+ seconds\."));
    }

    [Test]
    public async Task A_service_that_is_not_there_is_certainly_not_sent()
    {
        using var closed = new ClosedPort();
        var address = $"{closed.Address}";

        var ran = await new TestTool().RunAsync(["send", "--business", "1", "--chat", "2", "--text", "Hello", "--base-address", address, "--json"]);

        Assert.That((ran.ExitCode, (string?)ran.Json["sent"], (string?)ran.Json["error"]!["type"]), Is.EqualTo((3, "no", "ChatsConnectionException")));
    }

    [TestCaseSource(nameof(_unclear))]
    public async Task After_a_fault_the_exit_code_is_the_one_for_may_have_been_sent(ChatsFault fault)
    {
        await using var service = await TestService.StartAsync();
        service.Emulator.Faults.Next(fault);

        var ran = await new TestTool().RunAsync(service.Send("--text", "Hello", "--json"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((ran.ExitCode, (int)ran.Json["exitCode"]!, (string?)ran.Json["sent"]), Is.EqualTo((4, 4, "maybe")));
            Assert.That((string?)ran.Json["error"]!["message"], Does.Contain("look into the chat before it is sent again"));
            Assert.That((service.Emulator.Requests.Total, service.Emulator.Requests.TotalDelivered), Is.EqualTo((1L, fault.IsAfterDelivery ? 1L : 0L)));
        }
    }

    [Test]
    public async Task The_time_out_that_was_asked_for_ends_a_stalled_send()
    {
        await using var service = await TestService.StartAsync();
        service.Emulator.Faults.Next(ChatsFault.Stall.AfterDelivery());

        var ran = await new TestTool().RunAsync(service.Send("--text", "Hello", "--timeout", "0.3", "--json"));

        Assert.That((ran.ExitCode, (string?)ran.Json["sent"], (bool)ran.Json["error"]!["isTimeout"]!), Is.EqualTo((4, "maybe", true)));
    }
}
