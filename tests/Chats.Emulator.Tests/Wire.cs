namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Requests to an emulator over a bare socket, and the parts of their responses.</summary>
internal static class Wire
{
    public const string Json = "Content-Type: application/json\r\n";

    public static string Request(string method, string target, string? key, string headers) =>
        $"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{(key is null ? "" : $"Api-Key: {key}\r\n")}{headers}\r\n";

    public static string Post(string target, string body, string? key = "key", string contentType = Json) =>
        Request("POST", target, key, $"{contentType}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n") + body;

    /// <summary>Sends a request and reads until the connection ends.</summary>
    public static Task<RawResponse> SendAsync(ChatsEmulator emulator, string request) =>
        RawRequest.SendAsync(emulator.BaseAddress.Port, Encoding.UTF8.GetBytes(request));

    /// <summary>Sends a request, or the start of one.</summary>
    public static Task<Socket> OpenAsync(ChatsEmulator emulator, string request) =>
        RawRequest.OpenAsync(emulator.BaseAddress.Port, Encoding.UTF8.GetBytes(request));

    public static async Task<string> ReadAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        await using var stream = new NetworkStream(socket);
        await stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Until.Timeout);
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
}
