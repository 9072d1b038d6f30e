using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>Raw requests.</summary>
internal static class Raw
{
    public const string Message =
        """{"notificationType":"CHAT_MESSAGE_SENT","businessId":1,"chatId":2,"messageId":"3","sentAt":"2026-01-16T10:09:49.5Z"}""";

    public static byte[] Post(string body, string? type = "application/json", string path = "/notification", string headers = "") =>
        Post(Encoding.UTF8.GetBytes(body), type, path, headers);

    public static byte[] Post(byte[] body, string? type = "application/json", string path = "/notification", string headers = "") =>
        [.. Head($"POST {path} HTTP/1.1", $"{(type is null ? "" : $"Content-Type: {type}\r\n")}Content-Length: {body.Length}\r\n{headers}"), .. body];

    public static byte[] Chunked(params string[] chunks) =>
        [
            .. Head("POST /notification HTTP/1.1", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"),
            .. Encoding.ASCII.GetBytes(string.Concat(chunks.Select(chunk => $"{chunk.Length:x}\r\n{chunk}\r\n")) + "0\r\n\r\n"),
        ];

    public static byte[] Head(string line, string headers = "") => Encoding.ASCII.GetBytes($"{line}\r\nHost: shop\r\nConnection: close\r\n{headers}\r\n");
}

/// <summary>A raw response.</summary>
internal sealed record RawResponse(int Status, string Head, string Body)
{
    public static async Task<RawResponse> ExchangeAsync(int port, byte[][] parts)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, timeout.Token);
        foreach (var part in parts)
        {
            await socket.SendAsync(part, timeout.Token);
        }

        using var all = new MemoryStream();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, timeout.Token) is > 0 and var read)
        {
            all.Write(buffer, 0, read);
        }

        return Parse(Encoding.UTF8.GetString(all.ToArray()));
    }

    private static RawResponse Parse(string text)
    {
        if (text.Length == 0)
        {
            return new RawResponse(0, "", "");
        }

        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var status = int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture);
        return status == 100 ? Parse(text[(end + 4)..]) : new RawResponse(status, text[..end], text[(end + 4)..]);
    }
}
