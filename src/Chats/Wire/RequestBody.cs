using System.Buffers;
using System.Net;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// The JSON of a request. It remembers whether anybody asked for its bytes, for until then nothing can have left this process, and it
/// gives them once only: whatever wants to repeat a send, a foreign retry handler or a redirect that is followed, finds no text to send.
/// </summary>
internal sealed class RequestBody : HttpContent
{
    private readonly byte[] _bytes;
    private readonly int _length;

    // The bytes go back to the pool when the request is disposed and the last writer has ended: a canceled send can still be
    // writing, and must not write the text of another one.
    private int _users = 1;
    private int _disposed;
    private int _asked;
    private volatile bool _wasRepeated;

    public RequestBody(IJsonModel model)
    {
        using var utf8 = new Utf8Writer();
        using (var writer = new JsonTextWriter(utf8) { ArrayPool = JsonCharPool.Shared, CloseOutput = false })
        {
            model.Write(writer);
        }

        (_bytes, _length) = utf8.Detach();
        // Known to be good: nothing is left to validate, or to make objects of.
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    public bool WasAsked => Volatile.Read(ref _asked) != 0;

    /// <summary>Whether somebody asked again and was refused.</summary>
    public bool WasRepeated => _wasRepeated;

    /// <summary>For an attempt whose answer proved that the service refused it: only the next one counts, and it gets the bytes.</summary>
    public void ForgetAttempt()
    {
        _wasRepeated = false;
        Volatile.Write(ref _asked, 0);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        WriteAsync(stream, CancellationToken.None);

#if NET
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        WriteAsync(stream, cancellationToken);
#endif

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Release();
        }

        base.Dispose(disposing);
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _asked, 1) != 0)
        {
            _wasRepeated = true;
            throw new RepeatedSendException();
        }

        Acquire();
        try
        {
#if NET
            await stream.WriteAsync(_bytes.AsMemory(0, _length), cancellationToken).ConfigureAwait(false);
#else
            await stream.WriteAsync(_bytes, 0, _length, cancellationToken).ConfigureAwait(false);
#endif
        }
        finally
        {
            Release();
        }
    }

    private void Acquire()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
            ObjectDisposedException.ThrowIf(users == 0, this);
        }
        while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}

/// <summary>Tells whoever repeats a send why that does not work. Handlers and HttpContent take it for a failure of the network.</summary>
internal sealed class RepeatedSendException() : IOException(
    "This request was written before, and the service may have taken it: a repetition could reach the buyer twice.");
