using System.Net;
using System.Net.Sockets;
using System.Text;

namespace YandexMarket.Chats.Hosting.Tests.Surroundings;

/// <summary>A service that responds to one request of each connection, and closes it as soon as another one arrives, without a word.</summary>
internal sealed class ClosingServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<bool, string> _respond;
    private int _requests;

    public ClosingServer(Func<bool, string> respond)
    {
        _respond = respond;
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}/");
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>How many requests got a response.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await ReadRequestAsync(stream);
                Interlocked.Increment(ref _requests);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(_respond(request.StartsWith("GET ", StringComparison.Ordinal))), _end.Token);
                // The next request is read, and lost.
                await ReadRequestAsync(stream);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client has gone.
            }
        }
    }

    private async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        var (text, buffer) = (new StringBuilder(), new byte[8192]);
        while (!IsComplete(text.ToString()))
        {
            var read = await stream.ReadAsync(buffer, _end.Token);
            if (read == 0)
            {
                throw new IOException("closed");
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    private static bool IsComplete(string request) =>
        request.Contains("\r\n\r\n", StringComparison.Ordinal) && (request.StartsWith("GET ", StringComparison.Ordinal) || request.EndsWith('}'));
}
