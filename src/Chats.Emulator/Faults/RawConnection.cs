using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace YandexMarket.Chats.Emulator;

/// <summary>Goes past Kestrel's HTTP to the call's own socket. Kestrel writes nothing there as long as the call has no response.</summary>
internal static class RawConnection
{
    /// <summary>Sends bytes, whatever they are, and closes the connection in good order.</summary>
    public static async Task CloseAsync(HttpContext http, ReadOnlyMemory<byte> bytes, CancellationToken stopping)
    {
        try
        {
            var socket = SocketOf(http);
            await socket.SendAsync(bytes, stopping).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);

            // Closing now could turn into a reset, which would destroy bytes that the caller has not read yet: he closes first.
            await UntilGoneAsync(http, stopping).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The caller was faster, or the emulator stops: the connection ends all the same.
        }

        http.Abort();
    }

    public static void Reset(HttpContext http)
    {
        try
        {
            SocketOf(http).LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Already closed by the caller: nothing is left to reset.
        }

        http.Abort();
    }

    /// <summary>Waits until the caller has closed his side or the emulator stops.</summary>
    public static async Task UntilGoneAsync(HttpContext http, CancellationToken stopping)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Socket SocketOf(HttpContext http) => http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
}
