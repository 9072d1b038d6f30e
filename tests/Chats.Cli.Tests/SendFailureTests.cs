using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>The exit code of a send that failed, compared with what the service really did.</summary>
public sealed class SendFailureTests : ServiceFixture
{
    private static readonly ChatsFault[] _unclear = [.. ChatsFault.All];

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
    public async Task After_a_fault_the_text_may_have_been_sent_and_neither_it_nor_the_key_is_quoted(ChatsFault fault)
    {
        Service.Emulator.AddKey(PrivacyTests.Key, "communication");
        Service.Emulator.Faults.Next(fault, times: 20);

        var sent = await PrivacyTests.Tool().RunAsync(Service.Send("--text", PrivacyTests.Text, "--json"));
        var (total, delivered) = (Service.Emulator.Requests.Total, Service.Emulator.Requests.TotalDelivered);
        var message = Service.Chat.Receive(PrivacyTests.Text);
        var read = await PrivacyTests.Tool().RunAsync(Service.Get("--message", $"{message.Id}"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((sent.ExitCode, (int)sent.Json["exitCode"]!, (string?)sent.Json["sent"]), Is.EqualTo((4, 4, "maybe")));
            Assert.That((string?)sent.Json["error"]!["message"], Does.Contain("look into the chat before it is sent again"));
            Assert.That((total, delivered), Is.EqualTo((1L, fault.IsAfterDelivery ? 1L : 0L)));
            Assert.That(read.ExitCode, Is.EqualTo(3));
            PrivacyTests.AssertNeither(sent);
            PrivacyTests.AssertNeither(read);
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
