using System.Text.Json;

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

/// <summary>All bytes that came before the connection ended, and whether it ended with a reset.</summary>
internal sealed record RawResponse(byte[] Bytes, bool WasReset)
{
    /// <summary>Without a 100 Continue.</summary>
    public string Text { get; } = Final(Encoding.UTF8.GetString(Bytes));

    private int HeadLength => Text.IndexOf("\r\n\r\n", StringComparison.Ordinal);

    public string StatusLine => Text[..Text.IndexOf("\r\n", StringComparison.Ordinal)];

    /// <summary>0 without a response.</summary>
    public int Status => Text.Length == 0 ? 0 : int.Parse(StatusLine.Split(' ')[1], CultureInfo.InvariantCulture);

    public string Head => Text[..HeadLength];

    public string Body => Text[(HeadLength + 4)..];

    public JsonElement Json => JsonElement.Parse(Body);

    public string ErrorCode => Json.GetProperty("errors")[0].GetProperty("code").GetString()!;

    public string ErrorMessage => Json.GetProperty("errors")[0].GetProperty("message").GetString()!;

    public static async Task<RawResponse> ReadToEndAsync(Socket socket)
    {
        using var timeout = new CancellationTokenSource(Until.Timeout);
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, timeout.Token) is var count and > 0)
            {
                bytes.Write(buffer, 0, count);
            }

            return new RawResponse(bytes.ToArray(), WasReset: false);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return new RawResponse(bytes.ToArray(), WasReset: true);
        }
    }

    public string? Header(string name)
    {
        var lines = Head.Split("\r\n").Skip(1).Select(line => line.Split(": ", 2));
        return lines.SingleOrDefault(pair => pair[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1];
    }

    private static string Final(string text) =>
        text.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal) ? text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..] : text;
}
