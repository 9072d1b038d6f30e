using System.Text;

namespace YandexMarket.Chats.Emulator.Tests.Inbox;

/// <summary>Speaks to the inbox as a browser would, or as another site in that browser might, over a bare socket.</summary>
internal static class InboxWire
{
    public static Task<ChatsEmulator> StartAsync() => ChatsEmulator.StartAsync(new ChatsEmulatorOptions { ServesInbox = true });

    /// <summary>A line of the request's head, such as the Host, that is null is left out.</summary>
    public static Task<WireAnswer> AskAsync(
        ChatsEmulator emulator, string method, string target, string? body = null, string? host = "127.0.0.1", string? origin = "http://127.0.0.1",
        string? contentType = "application/json", string headers = "")
    {
        var request = new StringBuilder($"{method} {target} HTTP/1.1\r\nConnection: close\r\n{headers}");
        request.Append(host is null ? "" : $"Host: {host}\r\n").Append(origin is null ? "" : $"Origin: {origin}\r\n");
        if (body is not null)
        {
            request.Append(contentType is null ? "" : $"Content-Type: {contentType}\r\n");
            request.Append("Content-Length: ").Append(Encoding.UTF8.GetByteCount(body)).Append("\r\n");
        }

        return Wire.AskAsync(emulator, request.Append("\r\n").Append(body).ToString());
    }
}
