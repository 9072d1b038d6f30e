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
        if (addresses.Count == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        using var attempts = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = new Queue<IPAddress>(AlternateFamilies(addresses));
        var running = new List<Task<T>>();
        try
        {
            while (true)
            {
                if (waiting.TryDequeue(out var address))
                {
                    running.Add(connect(address, attempts.Token));
                }

                Task any = Task.WhenAny(running);
                await (waiting.Count > 0 ? Task.WhenAny(any, Task.Delay(_attemptDelay, clock, attempts.Token)) : any).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var ended in running.FindAll(task => task.IsCompleted))
                {
                    running.Remove(ended);
                    if (ended.IsCompletedSuccessfully || (running.Count == 0 && waiting.Count == 0))
                    {
                        return await ended.ConfigureAwait(false);
                    }

                    // An exception that is not read would be reported as unobserved.
                    _ = ended.Exception;
                }
            }
        }
        finally
        {
            await attempts.CancelAsync().ConfigureAwait(false);
            foreach (var task in running)
            {
                _ = task.ContinueWith(
                    static late =>
                    {
                        if (late.Exception is null && !late.IsCanceled)
                        {
                            late.Result.Dispose();
                        }
                    },
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
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
