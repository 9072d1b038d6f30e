using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace YandexMarket.Chats.Testing;

/// <summary>One connection: what a script can do with it. It reads nothing by itself, so that a script says how far the server got.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly RawRecord _record;
    private readonly byte[] _buffer = new byte[4096];

    // What has arrived of the current request, and its total length, which is known when its headers have arrived.
    private readonly MemoryStream _received = new();
    private int? _length;
    private Stream _stream;

    public RawConnection(Socket socket, RawRecord record, int number)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _record = record;
        Number = number;
    }

    /// <summary>From 1, in the order of arrival.</summary>
    public int Number { get; }

    /// <summary>The latest request, headers and body.</summary>
    public string Request { get; private set; } = "";

    /// <summary>The text of the latest send.</summary>
    public string? Text { get; private set; }

    public async Task SecureAsync(X509Certificate2 certificate)
    {
        var secure = new SslStream(_stream);
        _stream = secure;
        await secure.AuthenticateAsServerAsync(certificate);
    }

    /// <summary>Waits until something has come, and leaves it where it is.</summary>
    public async Task ArrivedAsync() => await _socket.ReceiveAsync(_buffer, SocketFlags.Peek);

    /// <summary>Reads some bytes of the headers that the client sends.</summary>
    public async Task TakeAsync(int bytes)
    {
        for (var i = 0; i < bytes; i++)
        {
            await StepAsync(limit: 1);
        }
    }

    /// <summary>Reads up to the empty line, and not one byte of the body.</summary>
    public async Task<bool> ReadHeadAsync()
    {
        while (_length is null)
        {
            if (!await StepAsync(limit: 1))
            {
                return false;
            }

            if (_received.GetBuffer().AsSpan(0, (int)_received.Length).EndsWith("\r\n\r\n"u8))
            {
                EndHead();
            }
        }

        return true;
    }

    /// <summary>Reads a whole request; false if the client closed before.</summary>
    public async Task<bool> ReadRequestAsync()
    {
        if (!await ReadHeadAsync())
        {
            return false;
        }

        while (_received.Length < _length)
        {
            if (!await StepAsync((int)(_length - _received.Length)))
            {
                return false;
            }
        }

        EndRequest();
        return true;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes);
        await _stream.FlushAsync();
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Closes at once with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    /// <summary>Does nothing until the client closes.</summary>
    public async Task HoldAsync()
    {
        while (await ReadRequestAsync())
        {
        }
    }

    /// <summary>Closes this side in good order and waits for the other.</summary>
    public async Task EndAsync()
    {
        if (_stream is SslStream secure)
        {
            await secure.ShutdownAsync();
        }

        _socket.Shutdown(SocketShutdown.Send);
        await HoldAsync();
    }

    public void Dispose() => _stream.Dispose();

    private async Task<bool> StepAsync(int limit)
    {
        var read = await _stream.ReadAsync(_buffer.AsMemory(0, Math.Min(limit, _buffer.Length)));
        _received.Write(_buffer, 0, read);
        return read > 0;
    }

    private void EndHead()
    {
        var head = Encoding.UTF8.GetString(_received.ToArray());
        _record.Heads.Enqueue(head);
        _length = (int)_received.Length + int.Parse("0" + Regex.Match(head, @"(?<=\r\nContent-Length: )\d+", RegexOptions.IgnoreCase).Value, CultureInfo.InvariantCulture);
    }

    private void EndRequest()
    {
        Request = Encoding.UTF8.GetString(_received.ToArray());
        var body = Request[(Request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Text = body.Length > 0 && JsonElement.Parse(body).TryGetProperty("message", out var text) ? text.GetString() : null;

        // What a proxy is asked is none of the client's requests.
        if (!Request.StartsWith("CONNECT ", StringComparison.Ordinal))
        {
            _record.Add(Request, Text);
        }

        _received.SetLength(0);
        _length = null;
    }
}
