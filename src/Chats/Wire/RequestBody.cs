using System.Buffers;
using System.Net;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// The JSON of a request. It remembers whether anybody asked for its bytes, for until then nothing can have left this process, and it
/// gives them once only: whatever wants to repeat a send, a foreign retry handler or a redirect that is followed, finds no text to send.
/// </summary>
internal sealed class RequestBody : HttpContent
{
    private readonly byte[] _bytes;
    private readonly int _length;

    // One word for all that happens to it, from any thread: see State.
    private int _state = State.User;
    private volatile bool _wasRepeated;
    private bool _leaves;

    public RequestBody(IJsonModel model)
        : this(ModelWriter.Write(model)) =>
        // Known to be good: nothing is left to validate, or to make objects of.
        Headers.TryAddWithoutValidation("Content-Type", "application/json");

    private RequestBody((byte[] Bytes, int Length) json) => (_bytes, _length) = json;

    public bool WasAsked => (Volatile.Read(ref _state) & State.Asked) != 0;

    /// <summary>Whether somebody asked again and was refused.</summary>
    public bool WasRepeated => _wasRepeated;

    /// <summary>
    /// The same once more, for the attempt after one that was refused; null if it was disposed. A new object, because HttpContent may hold
    /// a copy of this one's bytes, for a handler that read them, which it then gives to whoever asks without a word to us.
    /// </summary>
    public RequestBody? Again()
    {
        if (!TryUse(State.User))
        {
            return null;
        }

        try
        {
            var bytes = ArrayPool<byte>.Shared.Rent(_length);
            Buffer.BlockCopy(_bytes, 0, bytes, 0, _length);
            var again = new RequestBody((bytes, _length));
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
        if (disposing && TryUse(State.Disposed))
        {
            Release();
        }

        base.Dispose(disposing);
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (!TryUse(State.User | State.Asked))
        {
            ObjectDisposedException.ThrowIf(!WasAsked, this);
            _wasRepeated = true;
            throw new RepeatedSendException();
        }

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

    /// <summary>Adds what is to happen, unless its bytes have gone back to the pool or it happened before.</summary>
    private bool TryUse(int what)
    {
        int state;
        do
        {
            state = Volatile.Read(ref _state);
            if (state < State.User || (state & what & State.Once) != 0)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _state, state + what, state) != state);
        return true;
    }

    // The bytes go back to the pool when the request is disposed and the last one who uses them has ended: a canceled send can still be
    // writing, and must not write the text of another one.
    private void Release()
    {
        if (Interlocked.Add(ref _state, -State.User) < State.User)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }

    private static class State
    {
        /// <summary>Somebody asked for the bytes.</summary>
        public const int Asked = 1;

        /// <summary>Its request is done with it.</summary>
        public const int Disposed = 2;

        /// <summary>What happens once only.</summary>
        public const int Once = Asked | Disposed;

        /// <summary>One who uses the bytes; the first is the request.</summary>
        public const int User = 4;
    }
}

/// <summary>Tells whoever repeats a send why that does not work. Handlers and HttpContent take it for a failure of the network.</summary>
internal sealed class RepeatedSendException() : IOException(
    "This request was written before, and the service may have taken it: a repetition could reach the buyer twice.");
