using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>A shop's server that takes notifications: keeps what came, byte by byte, and answers what the test wants.</summary>
internal sealed class LoopbackReceiver : IAsyncDisposable
{
    public const string Good = """{"version":"1.0.0","name":"shop","time":"2025-01-16T10:09:49Z"}""";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _loop;

    public LoopbackReceiver()
    {
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/market/notification");
        _loop = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>The whole answer; null: none at all until the caller hangs up.</summary>
    public Func<string?> Answer { get; set; } = () => Ok(Good);

    public string[] Requests => [.. _requests];

    public string[] Bodies => [.. _requests.Select(request => request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])];

    public static string Ok(string body, string type = "application/json") => Http("200 OK", body, type);

    public static string Http(string status, string body, string type = "application/json") =>
        $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
        + $"Connection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        _requests.Enqueue(await ReadAsync(socket));
        if (Answer() is { } answer)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(answer), _stopping.Token);
            return;
        }

        await socket.ReceiveAsync(new byte[1], _stopping.Token);
    }

    private async Task<string> ReadAsync(Socket socket)
    {
        var text = "";
        var buffer = new byte[4096];
        while (!IsWhole(text))
        {
            text += Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, _stopping.Token));
        }

        return text;
    }

    private static bool IsWhole(string request)
    {
        var head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
        {
            return false;
        }

        const string Name = "\r\nContent-Length: ";
        var length = request.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        var lengthEnd = request.IndexOf("\r\n", length, StringComparison.Ordinal);
        return request.Length - head - 4 == int.Parse(request.AsSpan()[length..lengthEnd], null);
    }
}
