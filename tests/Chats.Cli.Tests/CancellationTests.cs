using System.Net;
using System.Net.Sockets;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>Ctrl-C, which the client's own exception cannot judge.</summary>
public sealed class CancellationTests
{
    [Test]
    public async Task During_a_send_that_the_service_has_it_may_have_been_sent()
    {
        await using var service = await TestService.StartAsync();
        using var ctrlC = new CancellationTokenSource();
        service.Emulator.Faults.Next(ChatsFault.Stall.AfterDelivery());
        service.Emulator.Requests.Recorded += _ => ctrlC.Cancel();

        var ran = await new TestTool().RunAsync(service.Send("--text", "Hello", "--json"), ctrlC.Token);

        Assert.That((ran.ExitCode, (string?)ran.Json["sent"], service.Emulator.Requests.TotalDelivered), Is.EqualTo((4, "maybe", 1L)));
        Assert.That((string?)ran.Json["error"]!["message"], Does.Contain("may have been sent"));
    }

    [Test]
    public async Task Before_a_connection_stands_nothing_was_sent()
    {
        using var ctrlC = new CancellationTokenSource();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v2/";

        var run = new TestTool().RunAsync(["send", "--business", "1", "--chat", "2", "--text", "Hello", "--base-address", address, "--json"], ctrlC.Token);
        using var stalled = await listener.AcceptTcpClientAsync(CancellationToken.None);
        var hello = new byte[1];
        var greeted = await stalled.GetStream().ReadAsync(hello, CancellationToken.None);
        await ctrlC.CancelAsync();
        var ran = await run;

        Assert.That((greeted, ran.ExitCode, (string?)ran.Json["sent"]), Is.EqualTo((1, 3, "no")));
    }

    [Test]
    public async Task While_the_text_is_typed_nothing_was_sent()
    {
        await using var service = await TestService.StartAsync();
        using var ctrlC = new CancellationTokenSource();
        using var input = new EndlessInput();

        var run = new TestTool { Input = input }.RunAsync(service.Send("--json"), ctrlC.Token);
        await input.IsRead;
        await ctrlC.CancelAsync();
        var ran = await run;

        Assert.That((ran.ExitCode, (string?)ran.Json["sent"], service.Emulator.Requests.Total), Is.EqualTo((3, "no", 0L)));
    }

    [Test]
    public async Task A_read_that_is_stopped_sent_nothing()
    {
        await using var service = await TestService.StartAsync();
        using var ctrlC = new CancellationTokenSource();
        service.Emulator.Faults.Next(ChatsFault.Stall);
        service.Emulator.Requests.Recorded += _ => ctrlC.Cancel();

        var ran = await new TestTool().RunAsync(service.Get(), ctrlC.Token);

        Assert.That(ran, Is.EqualTo(new Ran(3, "", "chats: Stopped." + Environment.NewLine)));
    }

    [Test]
    public async Task A_demo_that_is_stopped_has_not_shown_what_it_should()
    {
        var ran = await new TestTool().RunAsync(["demo"], new CancellationToken(canceled: true));

        Assert.That((ran.ExitCode, ran.Out, ran.Error), Is.EqualTo((1, "", "chats: Stopped." + Environment.NewLine)));
    }

    /// <summary>A terminal at which nobody types.</summary>
    private sealed class EndlessInput : TextReader
    {
        private readonly TaskCompletionSource _isRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _end = new();

        public Task IsRead => _isRead.Task;

        public override string ReadToEnd()
        {
            _isRead.SetResult();
            _end.Wait();
            return "";
        }

        protected override void Dispose(bool disposing)
        {
            // Not disposed of: the reader that was left behind may still be on its way out of it.
            _end.Set();
            base.Dispose(disposing);
        }
    }
}
