using System.Threading.Channels;

namespace YandexMarket.Chats.Testing;

/// <summary>A shop's server for notifications: it keeps the requests as they came, and responds as the test wants.</summary>
internal sealed class LoopbackReceiver : IAsyncDisposable
{
    public const string Good = """{"version":"1.0.0","name":"shop","time":"2025-01-16T10:09:49Z"}""";

    private readonly Channel<string> _bodies = Channel.CreateUnbounded<string>();
    private readonly RawServer _server;

    public LoopbackReceiver() => _server = new RawServer(async connection =>
    {
        await connection.ReadRequestAsync();
        _bodies.Writer.TryWrite(BodyOf(connection.Request));
        await (Response is { } response ? connection.SendAsync(response) : connection.HoldAsync());
    });

    public Uri Url => new($"http://127.0.0.1:{_server.Port}/market/notification");

    /// <summary>The whole response; null: none.</summary>
    public string? Response { get; set; } = RawServer.Json(Good);

    public string[] Requests => [.. _server.Record.Requests];

    public string[] Bodies => [.. Requests.Select(BodyOf)];

    /// <summary>Waits for the next request.</summary>
    /// <returns>Its body.</returns>
    public Task<string> ReadAsync() => _bodies.Reader.ReadAsync().AsTask().WaitAsync(Until.Timeout);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string BodyOf(string request) => request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
}
