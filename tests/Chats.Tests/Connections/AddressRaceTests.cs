#if !CHATS_NETSTANDARD
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats.Tests.Connections;

/// <summary>An address family that gives no reply does not use up the time of a call.</summary>
public sealed class AddressRaceTests
{
    private static readonly IPAddress _six = IPAddress.Parse("2001:db8::1");
    private static readonly IPAddress _otherSix = IPAddress.Parse("2001:db8::2");
    private static readonly IPAddress _four = IPAddress.Parse("192.0.2.1");

    private readonly ManualClock _clock = new();
    private readonly ConcurrentDictionary<IPAddress, Attempt> _attempts = new();

    [Test]
    public async Task The_other_family_is_tried_after_a_quarter_of_a_second()
    {
        var race = Race(_six, _otherSix, _four);
        _clock.Advance(TimeSpan.FromMilliseconds(249));
        var before = _attempts.Count;
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        var connection = await ConnectAsync(_four);

        Assert.That(before, Is.EqualTo(1));
        Assert.That(await race, Is.SameAs(connection));
        Assert.That((connection.CanRead, _attempts.ContainsKey(_otherSix)), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task After_a_failure_the_next_address_is_tried_at_once()
    {
        var race = Race(_six, _four);

        await FailAsync(_six);
        var connection = await ConnectAsync(_four);

        Assert.That(await race, Is.SameAs(connection));
    }

    [Test]
    public async Task A_connection_that_comes_too_late_is_closed()
    {
        var race = Race(_six, _four);
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        var winner = await ConnectAsync(_four);
        await race;

        var late = await ConnectAsync(_six);

        Assert.That((winner.CanRead, late.CanRead), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task If_all_fail_the_last_failure_is_thrown()
    {
        var race = Race(_six, _four);

        await FailAsync(_six);
        await FailAsync(_four);

        var exception = await Assert.ThrowsAsync<SocketException>(() => race);
        Assert.That(exception!.SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused));
    }

    [Test]
    public async Task Without_an_address_the_host_is_not_found()
    {
        var exception = await Assert.ThrowsAsync<SocketException>(() => Race());
        Assert.That(exception!.SocketErrorCode, Is.EqualTo(SocketError.HostNotFound));
    }

    [Test]
    public async Task A_cancellation_ends_it()
    {
        using var canceling = new CancellationTokenSource();
        var race = AddressRace.RunAsync([_six, _four], TryAsync, _clock, canceling.Token);

        await canceling.CancelAsync();
        await FailAsync(_six);

        Assert.That(async () => await race, Throws.InstanceOf<OperationCanceledException>());
    }

    private Task<MemoryStream> Race(params IPAddress[] addresses) => AddressRace.RunAsync(addresses, TryAsync, _clock, CancellationToken.None);

    private Task<MemoryStream> TryAsync(IPAddress address, CancellationToken cancellationToken)
    {
        var attempt = _attempts.GetOrAdd(address, _ => new Attempt());
        attempt.Began.SetResult();
        return attempt.End.Task;
    }

    private async Task<MemoryStream> ConnectAsync(IPAddress address)
    {
        var connection = new MemoryStream();
        (await BeganAsync(address)).SetResult(connection);
        return connection;
    }

    private async Task FailAsync(IPAddress address) => (await BeganAsync(address)).SetException(new SocketException((int)SocketError.ConnectionRefused));

    private async Task<TaskCompletionSource<MemoryStream>> BeganAsync(IPAddress address)
    {
        var attempt = _attempts.GetOrAdd(address, _ => new Attempt());
        await attempt.Began.Task.WaitAsync(Until.Patience);
        return attempt.End;
    }

    private sealed class Attempt
    {
        public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<MemoryStream> End { get; } = new();
    }
}
#endif
