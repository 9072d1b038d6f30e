using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace YandexMarket.Chats.Tests.Support;

/// <summary>
/// A bare socket that keeps every byte that it was sent and answers each request with the same bytes. It then closes the connection,
/// or holds it open as long as it lives itself.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _answer;
    private readonly bool _hold;
    private readonly Task _running;

    private RawServer(string answer, bool hold)
    {
        _answer = Encoding.UTF8.GetBytes(answer);
        _hold = hold;
        _listener.Start();
        BaseAddress = new Uri($"http://{_listener.LocalEndpoint}/v2/");
        _running = RunAsync();
    }

    public Uri BaseAddress { get; }

    /// <summary>The requests as they came, head and body.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Ends when the first request is here and its answer, as far as there is one, has left.</summary>
    public Task<string> FirstRequest => _first.Task;

    public static RawServer Answering(string answer) => new(answer, hold: false);

    /// <summary>Answers so far and no further.</summary>
    public static RawServer Stalling(string beginning = "") => new(beginning, hold: true);

    /// <summary>A whole answer with a JSON body.</summary>
    public static string Json(string json, string statusLine = "200 OK", string headers = "") =>
        $"HTTP/1.1 {statusLine}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n" +
        $"{headers}Connection: close\r\n\r\n{json}";

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        try
        {
            var request = await ReadAsync(socket);
            _requests.Enqueue(request);
            await socket.SendAsync(_answer, _stopping.Token);
            _first.TrySetResult(request);
            if (_hold)
            {
                await Task.Delay(Timeout.Infinite, _stopping.Token);
            }

            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The test is over, or the client has hung up.
        }
    }

    private async Task<string> ReadAsync(Socket socket)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer, _stopping.Token);
            bytes.Write(buffer, 0, count);
            var text = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            if (count == 0 || (head > 3 && Encoding.UTF8.GetByteCount(text[head..]) >= LengthOf(text[..head])))
            {
                return text;
            }
        }
    }

    private static int LengthOf(string head) => head.Split("\r\n")
        .Where(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
        .Select(line => int.Parse(line.AsSpan("Content-Length: ".Length), System.Globalization.CultureInfo.InvariantCulture))
        .SingleOrDefault();
}
