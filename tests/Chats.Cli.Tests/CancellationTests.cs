using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>Ctrl-C.</summary>
public sealed class CancellationTests : ServiceFixture
{
    [Test]
    public async Task During_a_send_that_the_service_has_it_may_have_been_sent()
    {
        using var ctrlC = new CancellationTokenSource();
        Service.Emulator.Faults.Next(ChatsFault.Stall.AfterDelivery());
        Service.Emulator.Requests.Recorded += _ => ctrlC.Cancel();

        var ran = await new TestTool().RunAsync(Service.Send("--text", "Hello", "--json"), ctrlC.Token);

        Assert.That((ran.ExitCode, (string?)ran.Json["sent"], Service.Emulator.Requests.TotalDelivered), Is.EqualTo((4, "maybe", 1L)));
        Assert.That((string?)ran.Json["error"]!["message"], Does.Contain("may have been sent"));
    }

    [Test]
    public async Task While_the_text_is_typed_nothing_was_sent()
    {
        using var ctrlC = new CancellationTokenSource();
        using var input = new EndlessInput(ctrlC);

        var ran = await new TestTool { Input = input }.RunAsync(Service.Send("--json"), ctrlC.Token);

        Assert.That((ran.ExitCode, (string?)ran.Json["sent"], Service.Emulator.Requests.Total), Is.EqualTo((3, "no", 0L)));
    }

    [Test]
    public async Task A_read_that_is_stopped_sent_nothing()
    {
        using var ctrlC = new CancellationTokenSource();
        Service.Emulator.Faults.Next(ChatsFault.Stall);
        Service.Emulator.Requests.Recorded += _ => ctrlC.Cancel();

        var ran = await new TestTool().RunAsync(Service.Get(), ctrlC.Token);

        Assert.That(ran, Is.EqualTo(new Ran(3, "", "chats: Stopped." + Environment.NewLine)));
    }

    [Test]
    public async Task A_demo_that_is_stopped_has_not_shown_what_it_should()
    {
        var ran = await new TestTool().RunAsync(["demo"], new CancellationToken(canceled: true));

        Assert.That((ran.ExitCode, ran.Out, ran.Error), Is.EqualTo((1, "", "chats: Stopped." + Environment.NewLine)));
    }

    /// <summary>A terminal at which nobody types, and somebody presses Ctrl-C.</summary>
    private sealed class EndlessInput(CancellationTokenSource ctrlC) : TextReader
    {
        private readonly TaskCompletionSource _end = new();

        public override string ReadToEnd()
        {
            ctrlC.Cancel();
            _end.Task.Wait();
            return "";
        }

        protected override void Dispose(bool disposing)
        {
            _end.SetResult();
            base.Dispose(disposing);
        }
    }
}
