using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace YandexMarket.Chats.Testing;

/// <summary>One connection: what a script can do with it. It reads nothing by itself, so that a script says how far the server got.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly RawRecord _record;
    private readonly StringBuilder _head = new();
    private readonly MemoryStream _body = new();
    private readonly byte[] _bytes = new byte[4096];
    private Stream _stream;
    private int? _bodyLength;
    private string _lastHead = "";

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

    /// <summary>The first line of the latest request.</summary>
    public string RequestLine { get; private set; } = "";

    /// <summary>The latest request, head and body.</summary>
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
    public async Task ArrivedAsync() => await _socket.ReceiveAsync(_bytes, SocketFlags.Peek);

    /// <summary>Takes some bytes of what the client sends, whatever they are.</summary>
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
        while (_bodyLength is null)
        {
            if (!await StepAsync(limit: 1))
            {
                return false;
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

        while (_bodyLength is not null)
        {
            if (!await StepAsync(_bytes.Length))
            {
                return false;
            }
        }

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

    // A request is put together here however the script reads it.
    private async Task<bool> StepAsync(int limit)
    {
        if (_bodyLength is { } left && _body.Length == left)
        {
            EndRequest();
            return true;
        }

        var wanted = _bodyLength is { } length ? (int)Math.Min(limit, length - _body.Length) : 1;
        var read = await _stream.ReadAsync(_bytes.AsMemory(0, wanted));
        if (read == 0)
        {
            return false;
        }

        if (_bodyLength is not null)
        {
            _body.Write(_bytes, 0, read);
            return true;
        }

        _head.Append((char)_bytes[0]);
        if (_head.Length > 4 && _head.ToString(_head.Length - 4, 4) == "\r\n\r\n")
        {
            EndHead();
        }

        return true;
    }

    private void EndHead()
    {
        var head = _head.ToString();
        _head.Clear();
        _lastHead = head;
        _record.AddHead(head);
        var lines = head.Split("\r\n");
        RequestLine = lines[0];
        const string Length = "Content-Length: ";
        _bodyLength = lines.FirstOrDefault(line => line.StartsWith(Length, StringComparison.OrdinalIgnoreCase)) is { } stated
            ? int.Parse(stated[Length.Length..], System.Globalization.CultureInfo.InvariantCulture)
            : 0;
    }

    private void EndRequest()
    {
        Text = null;
        Request = _lastHead + Encoding.UTF8.GetString(_body.GetBuffer(), 0, (int)_body.Length);
        if (_bodyLength > 0)
        {
            using var json = JsonDocument.Parse(_body.ToArray());
            Text = json.RootElement.TryGetProperty("message", out var text) ? text.GetString() : null;
        }

        // What a proxy is asked is none of the client's requests.
        if (!RequestLine.StartsWith("CONNECT ", StringComparison.Ordinal))
        {
            _record.AddComplete(Request, Text);
        }

        _body.SetLength(0);
        _bodyLength = null;
    }
}
