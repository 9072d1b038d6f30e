using System.Net;
using System.Net.Sockets;
using System.Text;

namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Requests over a bare socket, byte by byte.</summary>
internal static class Wire
{
    public const string Json = "Content-Type: application/json\r\n";

    public static string Request(string method, string target, string? key, string headers) =>
        $"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{(key is null ? "" : $"Api-Key: {key}\r\n")}{headers}\r\n";

    public static string Post(string target, string body, string? key = "key", string contentType = Json) =>
        Request("POST", target, key, $"{contentType}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n") + body;

    /// <summary>Sends a request and reads until the connection ends.</summary>
    public static async Task<WireResponse> SendAsync(ChatsEmulator emulator, string request)
    {
        using var socket = await OpenAsync(emulator, request);
        return await ReadToEndAsync(socket);
    }

    /// <summary>Sends a request, or the start of one.</summary>
    public static async Task<Socket> OpenAsync(ChatsEmulator emulator, string request)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, emulator.BaseAddress.Port);
        await socket.SendAsync(Encoding.UTF8.GetBytes(request));
        return socket;
    }

    public static async Task<string> ReadAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        await using var stream = new NetworkStream(socket);
        await stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Until.Patience);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads byte by byte, so only ASCII.</summary>
    public static async Task<string> ReadUntilAsync(Socket socket, string end)
    {
        var text = "";
        while (!text.EndsWith(end, StringComparison.Ordinal))
        {
            text += await ReadAsync(socket, 1);
        }

        return text;
    }

    public static async Task<WireResponse> ReadToEndAsync(Socket socket)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer) is var count and > 0)
            {
                bytes.Write(buffer, 0, count);
            }

            return new WireResponse(bytes.ToArray(), WasReset: false);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return new WireResponse(bytes.ToArray(), WasReset: true);
        }
    }
}
