#if !CHATS_NETSTANDARD
namespace YandexMarket.Chats.Tests.Connections;

/// <summary>An address family that gives no reply does not use up the time of a call.</summary>
public sealed class HappyEyeballsTests
{
    private static readonly IPAddress _six = IPAddress.Parse("2001:db8::1");
    private static readonly IPAddress _otherSix = IPAddress.Parse("2001:db8::2");
    private static readonly IPAddress _four = IPAddress.Parse("192.0.2.1");

    private readonly ManualClock _clock = new();
    private readonly ConcurrentDictionary<IPAddress, TaskCompletionSource<MemoryStream>> _attempts = new();

    [Test]
    public async Task The_other_address_family_is_tried_after_250_ms_and_a_late_connection_is_closed()
    {
        var race = Race(_six, _otherSix, _four);
        _clock.Advance(TimeSpan.FromMilliseconds(249));
        var before = _attempts.Count;
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        var winner = await ConnectAsync(_four);
        Assert.That(await race, Is.SameAs(winner));
        var late = await ConnectAsync(_six);
        await Until.TrueAsync(() => !late.CanRead);

        Assert.That((before, _attempts.Count, winner.CanRead), Is.EqualTo((1, 2, true)));
    }

    [Test]
    public async Task After_a_failure_the_next_address_is_tried_at_once_and_the_last_failure_is_thrown()
    {
        var race = Race(_six, _four);

        await FailAsync(_six, SocketError.NetworkUnreachable);
        await FailAsync(_four, SocketError.ConnectionRefused);

        await AssertFailsAsync(race, SocketError.ConnectionRefused);
    }

    [Test]
    public Task Without_an_address_the_host_is_not_found() => AssertFailsAsync(Race(), SocketError.HostNotFound);

    [Test]
    public async Task It_can_be_canceled()
    {
        using var canceling = new CancellationTokenSource();
        var race = HappyEyeballs.RunAsync([_six, _four], TryAsync, _clock, canceling.Token);

        await canceling.CancelAsync();
        await FailAsync(_six, SocketError.ConnectionRefused);

        Assert.That(async () => await race.WaitAsync(Until.Timeout), Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task AssertFailsAsync(Task race, SocketError code)
    {
        var exception = await Assert.ThrowsAsync<SocketException>(() => race);
        Assert.That(exception!.SocketErrorCode, Is.EqualTo(code));
    }

    private Task<MemoryStream> Race(params IPAddress[] addresses) => HappyEyeballs.RunAsync(addresses, TryAsync, _clock, CancellationToken.None);

    private Task<MemoryStream> TryAsync(IPAddress address, CancellationToken cancellationToken) =>
        _attempts.GetOrAdd(address, _ => new TaskCompletionSource<MemoryStream>()).Task;

    private async Task<MemoryStream> ConnectAsync(IPAddress address)
    {
        var connection = new MemoryStream();
        (await BeganAsync(address)).SetResult(connection);
        return connection;
    }

    private async Task FailAsync(IPAddress address, SocketError code) => (await BeganAsync(address)).SetException(new SocketException((int)code));

    private async Task<TaskCompletionSource<MemoryStream>> BeganAsync(IPAddress address)
    {
        await Until.TrueAsync(() => _attempts.ContainsKey(address));
        return _attempts[address];
    }
}
#endif
