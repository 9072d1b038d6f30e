using System.Net;
using System.Net.Sockets;

namespace YandexMarket.Chats.Testing;

/// <summary>Sends requests to a server of this machine over a bare socket, byte by byte.</summary>
internal static class RawRequest
{
    /// <summary>Sends a request in parts and reads until the connection ends.</summary>
    public static async Task<RawResponse> SendAsync(int port, params byte[][] parts)
    {
        using var socket = await OpenAsync(port, parts);
        return await RawResponse.ReadToEndAsync(socket);
    }

    /// <summary>Sends a request, or the start of one.</summary>
    public static async Task<Socket> OpenAsync(int port, params byte[][] parts)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        foreach (var part in parts)
        {
            await socket.SendAsync(part);
        }

        return socket;
    }
}
