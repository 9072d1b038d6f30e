namespace YandexMarket.Chats.Testing;

/// <summary>Bound, but nobody listens: a connection is refused, and nobody else can get the port meanwhile.</summary>
internal sealed class ClosedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public Uri Address => new($"http://127.0.0.1:{Number}/v2/");

    /// <summary>A port that is free now, for a program that cannot choose one itself.</summary>
    public static int FreeNumber()
    {
        using var port = new ClosedPort();
        return port.Number;
    }

    public void Dispose() => _socket.Dispose();
}
