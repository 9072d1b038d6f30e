#if NET
using System.Net;
using System.Net.Sockets;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// Connects to the first address that responds, as RFC 8305 describes: the next one is tried when the last failed, or after 250 ms, so
/// that an address family that drops packets does not use up the call's timeout.
/// </summary>
internal static class HappyEyeballs
{
    private static readonly TimeSpan _attemptDelay = TimeSpan.FromMilliseconds(250);

    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken).ConfigureAwait(false);
        var socket = await RunAsync(
            addresses,
            (address, token) => ConnectAsync(new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, endPoint.Port), token),
            TimeProvider.System,
            cancellationToken).ConfigureAwait(false);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static async Task<T> RunAsync<T>(
        IReadOnlyList<IPAddress> addresses,
        Func<IPAddress, CancellationToken, Task<T>> connect,
        TimeProvider clock,
        CancellationToken cancellationToken)
        where T : IDisposable
    {
        var first = new TaskCompletionSource<T>();
        using var canceling = cancellationToken.Register(() => first.TrySetCanceled(cancellationToken));
        using var attempts = new CancellationTokenSource();
        var running = new List<Task>();
        Exception failure = new SocketException((int)SocketError.HostNotFound);
        try
        {
            foreach (var address in AlternateFamilies(addresses).TakeWhile(_ => !first.Task.IsCompleted))
            {
                var attempt = AttemptAsync(address);
                running.Add(attempt);
                await Task.WhenAny(first.Task, attempt, Task.Delay(_attemptDelay, clock, attempts.Token)).ConfigureAwait(false);
            }

            await Task.WhenAny(first.Task, Task.WhenAll(running)).ConfigureAwait(false);
            first.TrySetException(failure);
            return await first.Task.ConfigureAwait(false);
        }
        finally
        {
            await attempts.CancelAsync().ConfigureAwait(false);
        }

        async Task AttemptAsync(IPAddress address)
        {
            try
            {
                var connection = await connect(address, attempts.Token).ConfigureAwait(false);
                if (!first.TrySetResult(connection))
                {
                    connection.Dispose();
                }
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        }
    }

    /// <summary>The first address of each family, then the second of each, and so on.</summary>
    private static IEnumerable<IPAddress> AlternateFamilies(IReadOnlyList<IPAddress> addresses) => addresses
        .GroupBy(address => address.AddressFamily)
        .SelectMany(family => family.Select((address, place) => (address, place)))
        .OrderBy(it => it.place)
        .Select(it => it.address);
}
#endif
