using System.Text;

namespace YandexMarket.Chats.Emulator.Tests.Inbox;

/// <summary>Sends the inbox requests as a browser would, or as another site in that browser might.</summary>
public abstract class InboxTests : EmulatorTests
{
    protected override void Configure(ChatsEmulatorOptions options) => options.ServesInbox = true;

    /// <summary>Null leaves a header out.</summary>
    private protected Task<RawResponse> SendAsync(
        string method, string target, string? body = null, string? host = "127.0.0.1", string? origin = "http://127.0.0.1",
        string? contentType = "application/json", string headers = "")
    {
        var request = new StringBuilder($"{method} {target} HTTP/1.1\r\nConnection: close\r\n{headers}");
        request.Append(host is null ? "" : $"Host: {host}\r\n").Append(origin is null ? "" : $"Origin: {origin}\r\n");
        if (body is not null)
        {
            request.Append(contentType is null ? "" : $"Content-Type: {contentType}\r\n");
            request.Append("Content-Length: ").Append(Encoding.UTF8.GetByteCount(body)).Append("\r\n");
        }

        return Wire.SendAsync(Emulator, request.Append("\r\n").Append(body).ToString());
    }
}
