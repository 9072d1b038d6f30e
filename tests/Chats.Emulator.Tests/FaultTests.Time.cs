using System.Net.Sockets;
using System.Text;

namespace YandexMarket.Chats.Emulator.Tests;

public sealed partial class FaultTests
{
    [Test]
    public async Task A_stall_lasts_until_the_caller_gives_up([Values] bool after)
    {
        await using var emulator = await StartAsync();
        emulator.Faults.Next(after ? ChatsFault.Stall.AfterDelivery() : ChatsFault.Stall);
        using var socket = await SendAsync(emulator);

        await UntilRecordedAsync(emulator, 1);
        _clock.Advance(TimeSpan.FromDays(1));
        var cameInADay = socket.Available;
        socket.Shutdown(SocketShutdown.Send);
        var answer = await Wire.ReadToEndAsync(socket);

        var record = emulator.Requests.Single();
        Assert.That((cameInADay, answer.Text, record.Status, record.WasDelivered), Is.EqualTo((0, "", (int?)null, after)));
        Assert.That(emulator.FindBusiness(1)!.FindChat(2)!.Messages, Has.Count.EqualTo(after ? 1 : 0));
    }

    [Test]
    public async Task A_stall_that_ends_goes_on_as_if_nothing_had_been([Values] bool after)
    {
        await using var emulator = await StartAsync();
        var chat = emulator.FindBusiness(1)!.FindChat(2)!;
        emulator.Faults.Next((after ? ChatsFault.Stall.AfterDelivery() : ChatsFault.Stall).For(TimeSpan.FromSeconds(30)));
        using var socket = await SendAsync(emulator);

        await UntilDueAsync();
        var takenAtOnce = chat.Messages.Count;
        _clock.Advance(TimeSpan.FromSeconds(29.9));
        var cameTooEarly = socket.Available;
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        var answer = await Wire.ReadToEndAsync(socket);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((takenAtOnce, cameTooEarly), Is.EqualTo((after ? 1 : 0, 0)));
            Assert.That((answer.Status, answer.Body, chat.Messages.Count), Is.EqualTo((200, """{"status":"OK"}""", 1)));
            Assert.That(emulator.Requests.Select(it => (it.Status, it.WasDelivered)), Is.EqualTo(new[] { ((int?)200, true) }));
        }
    }

    [Test]
    public async Task A_caller_who_leaves_before_the_stall_ends_sends_nothing()
    {
        await using var emulator = await StartAsync();
        emulator.Faults.Next(ChatsFault.Stall.For(TimeSpan.FromSeconds(30)));
        using var socket = await SendAsync(emulator);
        await UntilDueAsync();

        socket.Shutdown(SocketShutdown.Send);
        await UntilRecordedAsync(emulator, 1);
        _clock.Advance(TimeSpan.FromSeconds(31));

        Assert.That(emulator.Requests.Select(it => (it.Status, it.WasDelivered)), Is.EqualTo(new[] { ((int?)null, false) }));
        Assert.That(emulator.FindBusiness(1)!.FindChat(2)!.Messages, Is.Empty);
    }

    [Test]
    public async Task A_slow_drip_sends_a_byte_at_a_time()
    {
        await using var emulator = await StartAsync();
        emulator.Faults.Next(ChatsFault.SlowDrip.For(TimeSpan.FromSeconds(1)));
        using var socket = await SendAsync(emulator);

        var head = await Wire.ReadUntilAsync(socket, "\r\n\r\n");
        var body = "";
        for (var i = 0; i < 15; i++)
        {
            await UntilDueAsync();
            Assert.That(socket.Available, Is.Zero, "before the pause is over");
            _clock.Advance(TimeSpan.FromSeconds(1));
            body += await Wire.ReadAsync(socket, 1);
        }

        Assert.That(head, Does.StartWith("HTTP/1.1 200 OK\r\n"));
        Assert.That(body, Is.EqualTo("""{"status":"OK"}"""));
        Assert.That(emulator.Requests.Single().WasDelivered, Is.True);
    }

    [Test]
    public async Task Stopping_the_emulator_ends_what_stalls()
    {
        var emulator = await StartAsync();
        emulator.Faults.Next(ChatsFault.Stall);
        emulator.Faults.Next(ChatsFault.Stall.For(TimeSpan.FromHours(1)));
        emulator.Faults.Next(ChatsFault.ResponseLost);
        using var first = await SendAsync(emulator);
        await UntilRecordedAsync(emulator, 1);
        using var second = await SendAsync(emulator);
        await UntilDueAsync();
        using var third = await SendAsync(emulator);
        await UntilRecordedAsync(emulator, 2);

        await emulator.DisposeAsync().AsTask().WaitAsync(Until.Patience);

        var answers = await Task.WhenAll(new[] { first, second, third }.Select(Wire.ReadToEndAsync));
        Assert.That(answers.Select(it => it.Text), Is.EqualTo(new[] { "", "", "" }));
        Assert.That(async () => await Wire.OpenAsync(emulator), Throws.InstanceOf<SocketException>(), "the port is free");
    }

    private static async Task<Socket> SendAsync(ChatsEmulator emulator)
    {
        var socket = await Wire.OpenAsync(emulator);
        var head = Wire.Request("POST", Send, "key", $"Content-Type: application/json\r\nContent-Length: {Hi.Length}\r\n");
        await socket.SendAsync(Encoding.UTF8.GetBytes(head + Hi));
        return socket;
    }

    private static Task UntilRecordedAsync(ChatsEmulator emulator, long total) => Until.TrueAsync(() => emulator.Requests.Total == total);

    /// <summary>The emulator has begun to wait on our clock.</summary>
    private Task UntilDueAsync() => Until.TrueAsync(() => _clock.NextDue is not null);
}
