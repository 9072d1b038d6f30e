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

    // One word for all that happens to it, from any thread.
    private int _state = State.Owned;
    private volatile bool _wasRepeated;
    private bool _leaves;

    public RequestBody(IJsonModel model)
    {
        (_bytes, _length) = ModelWriter.Write(model);
        // Known to be good: nothing is left to validate, or to make objects of.
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    private RequestBody(byte[] bytes, int length) => (_bytes, _length) = (bytes, length);

    public bool WasAsked => (Volatile.Read(ref _state) & State.Asked) != 0;

    /// <summary>Whether somebody asked again and was refused.</summary>
    public bool WasRepeated => _wasRepeated;

    /// <summary>
    /// The same once more, for the attempt after one that was refused; null if it was disposed. A new object, because HttpContent may hold
    /// a copy of this one's bytes, for a handler that read them, which it then gives to whoever asks without a word to us.
    /// </summary>
    public RequestBody? Again()
    {
        if (!TryHold(State.Copied))
        {
            return null;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(_length);
        Buffer.BlockCopy(_bytes, 0, bytes, 0, _length);
        Release(State.Copied);
        var again = new RequestBody(bytes, _length);
        foreach (var header in Headers)
        {
            again.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return again;
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
        // The bytes go back to the pool when the request is disposed and the writer has ended: a canceled send can still be writing,
        // and must not write the text of another one.
        if (disposing)
        {
            Release(State.Owned);
        }

        base.Dispose(disposing);
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        Begin();
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
            Release(State.Writing);
        }
    }

    private void Begin()
    {
        int state;
        do
        {
            state = Volatile.Read(ref _state);
            ObjectDisposedException.ThrowIf((state & State.Owned) == 0, this);
            if ((state & (State.Asked | State.Writing)) != 0)
            {
                _wasRepeated = true;
                throw new RepeatedSendException();
            }
        }
        while (Interlocked.CompareExchange(ref _state, state | State.Asked | State.Writing, state) != state);
    }

    /// <summary>Keeps the bytes, unless nobody has them any more.</summary>
    private bool TryHold(int holder)
    {
        int state;
        do
        {
            state = Volatile.Read(ref _state);
            if ((state & (State.Owned | holder)) != State.Owned)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _state, state | holder, state) != state);
        return true;
    }

    /// <summary>Lets go of the bytes; the last one gives them back to the pool.</summary>
    private void Release(int holder)
    {
        int state;
        do
        {
            state = Volatile.Read(ref _state);
        }
        while (Interlocked.CompareExchange(ref _state, state & ~holder, state) != state);
        if ((state & State.Holders) == holder)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }

    private static class State
    {
        /// <summary>Its request is not disposed.</summary>
        public const int Owned = 1;

        /// <summary>Somebody asked for the bytes, and no answer has proved since that the service refused them.</summary>
        public const int Asked = 2;

        /// <summary>Somebody writes them now.</summary>
        public const int Writing = 4;

        /// <summary>They are copied for the next attempt.</summary>
        public const int Copied = 8;

        public const int Holders = Owned | Writing | Copied;
    }
}

/// <summary>Tells whoever repeats a send why that does not work. Handlers and HttpContent take it for a failure of the network.</summary>
internal sealed class RepeatedSendException() : IOException(
    "This request was written before, and the service may have taken it: a repetition could reach the buyer twice.");
