using System.Net;
using System.Net.Sockets;
using System.Text;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>A service that does what none should: its errors quote the whole request, key and text included.</summary>
internal sealed class EchoService : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public EchoService(int status)
    {
        _listener.Start();
        _serving = ServeAsync(status);
    }

    public string BaseAddress => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    /// <summary>How many requests were quoted.</summary>
    public int Quoted { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(int status)
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptTcpClientAsync(_stop.Token);
                var stream = connection.GetStream();
                var request = await ReadAsync(stream);
                var quote = Newtonsoft.Json.JsonConvert.ToString(request);
                var body = Encoding.UTF8.GetBytes($$"""{"status":"ERROR","errors":[{"code":"BAD","message":{{quote}}},{"code":{{quote}}}]}""");
                var key = request.Split("Api-Key: ")[1].Split("\r\n")[0];
                var head = $"HTTP/1.1 {status} {key}\r\ntraceparent: {key}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
                Quoted++;
                await stream.WriteAsync(Encoding.UTF8.GetBytes(head).Concat(body).ToArray(), _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task<string> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var chunk = new byte[4096];
        while (true)
        {
            bytes.AddRange(chunk.AsSpan(0, await stream.ReadAsync(chunk, _stop.Token)));
            var text = Encoding.UTF8.GetString([.. bytes]);
            if (text.Contains("\r\n\r\n", StringComparison.Ordinal) && (text.StartsWith("GET", StringComparison.Ordinal) || text.EndsWith('}')))
            {
                return text;
            }
        }
    }
}
