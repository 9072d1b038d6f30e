using Newtonsoft.Json;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>A service that does what none should: its errors quote the whole request, key and text included.</summary>
internal sealed class EchoService : IAsyncDisposable
{
    private readonly RawServer _server;

    public EchoService(int status) => _server = new RawServer(async connection =>
    {
        await connection.ReadRequestAsync();
        var quote = JsonConvert.ToString(connection.Request);
        var key = connection.Request.Split("Api-Key: ")[1].Split("\r\n")[0];
        await connection.SendAsync(RawServer.Json(
            $$"""{"status":"ERROR","errors":[{"code":"BAD","message":{{quote}}},{"code":{{quote}}}]}""", $"{status} {key}", $"traceparent: {key}\r\n"));
    });

    public string BaseAddress => $"http://127.0.0.1:{_server.Port}/";

    /// <summary>How many requests were quoted.</summary>
    public int Quoted => _server.Record.Complete;

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
