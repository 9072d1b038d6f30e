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
    private bool _leaves;

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

    private RequestBody(byte[] bytes, int length) => (_bytes, _length) = (bytes, length);

    public bool WasAsked => Volatile.Read(ref _asked) != 0;

    /// <summary>Whether somebody asked again and was refused.</summary>
    public bool WasRepeated => _wasRepeated;

    /// <summary>
    /// The same once more, for the attempt after one that was refused; null if it was disposed. A new object, because HttpContent may hold
    /// a copy of this one's bytes, for a handler that read them, which it then gives to whoever asks without a word to us.
    /// </summary>
    public RequestBody? Again()
    {
        if (!TryAcquire())
        {
            return null;
        }

        try
        {
            var bytes = ArrayPool<byte>.Shared.Rent(_length);
            Buffer.BlockCopy(_bytes, 0, bytes, 0, _length);
            var again = new RequestBody(bytes, _length);
            foreach (var header in Headers)
            {
                again.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }

            return again;
        }
        finally
        {
            Release();
        }
    }

    /// <summary>For the last handler before the network: whether the text may pass, which it may not twice.</summary>
    public bool MayLeave()
    {
        var isFirst = !_leaves || !WasAsked;
        _leaves = true;
        _wasRepeated |= !isFirst;
        return isFirst;
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

        ObjectDisposedException.ThrowIf(!TryAcquire(), this);
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

    private bool TryAcquire()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
            if (users == 0)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);
        return true;
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
