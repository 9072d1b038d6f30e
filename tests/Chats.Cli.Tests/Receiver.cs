using System.Threading.Channels;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>A receiver of notifications as the service wants it.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Channel<JObject> _received = Channel.CreateUnbounded<JObject>();
    private readonly RawServer _server;

    public Receiver() => _server = new RawServer(async connection =>
    {
        await connection.ReadRequestAsync();
        _received.Writer.TryWrite(JObject.Parse(connection.Request.Split("\r\n\r\n", 2)[1]));
        await connection.SendAsync(RawServer.Json("""{"version":"1","name":"test","time":"2025-11-21T10:20:30Z"}"""));
    });

    public string Url => $"http://127.0.0.1:{_server.Port}/notify?token=secret";

    public Task<JObject> ReadAsync() => _received.Reader.ReadAsync().AsTask();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
