using System.Net;
using System.Net.Sockets;
using System.Text;

namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Speaks to the emulator over a bare socket: every byte of a request is written here.</summary>
internal static class Wire
{
    public static Task<WireAnswer> GetAsync(ChatsEmulator emulator, string target, string? key = "key", string headers = "") =>
        AskAsync(emulator, Request("GET", target, key, headers));

    public static Task<WireAnswer> PostAsync(
        ChatsEmulator emulator, string target, string body, string? key = "key", string headers = "Content-Type: application/json\r\n") =>
        AskAsync(emulator, Request("POST", target, key, $"{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n") + body);

    public static string Request(string method, string target, string? key, string headers) =>
        $"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{(key is null ? "" : $"Api-Key: {key}\r\n")}{headers}\r\n";

    public static async Task<WireAnswer> AskAsync(ChatsEmulator emulator, string request)
    {
        using var socket = await OpenAsync(emulator);
        await socket.SendAsync(Encoding.UTF8.GetBytes(request));
        return await ReadToEndAsync(socket);
    }

    public static async Task<Socket> OpenAsync(ChatsEmulator emulator)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, emulator.BaseAddress.Port);
        return socket;
    }

    public static async Task<string> ReadAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        await using var stream = new NetworkStream(socket);
        await stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Until.Patience);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Only for what is ASCII: it reads byte by byte.</summary>
    public static async Task<string> ReadUntilAsync(Socket socket, string end)
    {
        var text = "";
        while (!text.EndsWith(end, StringComparison.Ordinal))
        {
            text += await ReadAsync(socket, 1);
        }

        return text;
    }

    public static async Task<WireAnswer> ReadToEndAsync(Socket socket)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer) is var count and > 0)
            {
                bytes.Write(buffer, 0, count);
            }

            return new WireAnswer(bytes.ToArray(), WasReset: false);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return new WireAnswer(bytes.ToArray(), WasReset: true);
        }
    }
}
