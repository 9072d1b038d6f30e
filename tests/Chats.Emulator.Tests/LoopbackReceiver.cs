using System.Text;

namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>A shop's server: it keeps the requests as they came, and responds as the test wants.</summary>
internal sealed class LoopbackReceiver : IAsyncDisposable
{
    public const string Good = """{"version":"1.0.0","name":"shop","time":"2025-01-16T10:09:49Z"}""";

    private readonly RawServer _server;

    public LoopbackReceiver() => _server = new RawServer(async connection =>
    {
        await connection.ReadRequestAsync();
        await (Response is { } response ? connection.SendAsync(response) : connection.HoldAsync());
    });

    public Uri Url => new($"http://127.0.0.1:{_server.Port}/market/notification");

    /// <summary>The whole response; null: none.</summary>
    public string? Response { get; set; } = Http("200 OK", Good);

    public string[] Requests => [.. _server.Record.Requests];

    public string[] Bodies => [.. Requests.Select(request => request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])];

    public static string Http(string status, string body, string type = "application/json") =>
        $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
        + $"Connection: close\r\n\r\n{body}";

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
