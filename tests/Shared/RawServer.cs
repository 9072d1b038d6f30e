using System.Security.Authentication;

namespace YandexMarket.Chats.Testing;

/// <summary>
/// A raw socket server on loopback: each connection follows a script, byte by byte. When the script ends, the server closes its
/// side gracefully and keeps recording what arrives, until the client closes too.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<RawConnection, Task> _script;
    private readonly Task _accepting;

    public RawServer(Func<RawConnection, Task> script, int? receiveBuffer = null)
    {
        _script = script;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        if (receiveBuffer is { } bytes)
        {
            _listener.Server.ReceiveBufferSize = bytes;
        }

        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Gives each request the same response, and closes.</summary>
    public static RawServer Responding(string response) => new(async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.SendAsync(response);
    });

    /// <summary>Responds to each request of each connection, and closes none.</summary>
    public static RawServer Serving(Func<RawConnection, string> respond) => new(async connection =>
    {
        while (await connection.ReadRequestAsync())
        {
            await connection.SendAsync(respond(connection));
        }
    });

    /// <summary>A whole response, with a JSON body unless the type is another.</summary>
    public static string Json(string json, string statusLine = "200 OK", string headers = "", string type = "application/json") =>
        $"HTTP/1.1 {statusLine}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n"
        + $"{headers}Connection: close\r\n\r\n{json}";

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}/v2/");

    public Uri SecureAddress => new($"https://127.0.0.1:{Port}/v2/");

    public RawRecord Record { get; } = new();

    /// <summary>Stops listening, and waits until the clients have closed every connection: a client that leaks one fails here.</summary>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(Record.Connections).WaitAsync(Until.Timeout);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync();
            }
            catch (Exception exception) when (exception is SocketException or InvalidOperationException)
            {
                // It was stopped, while it waited or just before.
                return;
            }

            var connection = new RawConnection(socket, Record, Record.Opened + 1);
            Record.Connections.Enqueue(Task.Run(() => ServeAsync(connection)));
        }
    }

    private async Task ServeAsync(RawConnection connection)
    {
        try
        {
            await _script(connection);
            await connection.EndAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The client went away, or the script closed: both are ways of ending.
        }
        catch (Exception exception)
        {
            Record.Defects.Enqueue(exception);
        }
        finally
        {
            connection.Dispose();
        }
    }
}

/// <summary>What came over the wire, as the server saw it.</summary>
internal sealed class RawRecord
{
    public ConcurrentQueue<string> Heads { get; } = new();

    /// <summary>The requests that arrived completely, in order of arrival.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The texts of the complete sends.</summary>
    public ConcurrentQueue<string> Texts { get; } = new();

    /// <summary>What went wrong with a script, other than that the client went away.</summary>
    public ConcurrentQueue<Exception> Defects { get; } = new();

    /// <summary>The connections; each ends when the client has closed it.</summary>
    public ConcurrentQueue<Task> Connections { get; } = new();

    public int Complete => Requests.Count;

    public int Opened => Connections.Count;

    public void Add(string request, string? text)
    {
        Requests.Enqueue(request);
        if (text is not null)
        {
            Texts.Enqueue(text);
        }
    }
}
