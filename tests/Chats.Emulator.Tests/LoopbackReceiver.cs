using System.Text;

namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>A shop's server that takes notifications: keeps what came, byte by byte, and answers what the test wants.</summary>
internal sealed class LoopbackReceiver : IAsyncDisposable
{
    public const string Good = """{"version":"1.0.0","name":"shop","time":"2025-01-16T10:09:49Z"}""";

    private readonly RawServer _server;

    public LoopbackReceiver() => _server = new RawServer(async connection =>
    {
        await connection.ReadRequestAsync();
        await (Answer() is { } answer ? connection.SendAsync(answer) : connection.HoldAsync());
    });

    public Uri Url => new($"http://127.0.0.1:{_server.Port}/market/notification");

    /// <summary>The whole answer; null: none at all until the caller hangs up.</summary>
    public Func<string?> Answer { get; set; } = () => Ok(Good);

    public string[] Requests => [.. _server.Record.Requests];

    public string[] Bodies => [.. Requests.Select(request => request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])];

    public static string Ok(string body, string type = "application/json") => Http("200 OK", body, type);

    public static string Http(string status, string body, string type = "application/json") =>
        $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
        + $"Connection: close\r\n\r\n{body}";

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
