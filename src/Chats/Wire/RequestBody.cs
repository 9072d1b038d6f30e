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

    public RequestBody(IJsonModel model)
    {
        (_bytes, _length) = ModelWriter.Write(model);
        // Known to be good: nothing is left to validate, or to make objects of.
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    public bool WasAsked => (Volatile.Read(ref _state) & State.Asked) != 0;

    /// <summary>Whether somebody asked again and was refused.</summary>
    public bool WasRepeated => _wasRepeated;

    /// <summary>For an attempt whose answer proved that the service refused it: only the next one counts, and it gets the bytes.</summary>
    public void ForgetAttempt()
    {
        _wasRepeated = false;
        Clear(State.Asked);
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
        if (disposing && (Clear(State.Owned) & (State.Owned | State.Writing)) == State.Owned)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
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
            if ((Clear(State.Writing) & State.Owned) == 0)
            {
                ArrayPool<byte>.Shared.Return(_bytes);
            }
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

    /// <summary>Takes something back, and tells what was before.</summary>
    private int Clear(int part)
    {
        int state;
        do
        {
            state = Volatile.Read(ref _state);
        }
        while (Interlocked.CompareExchange(ref _state, state & ~part, state) != state);
        return state;
    }

    private static class State
    {
        /// <summary>Its request is not disposed.</summary>
        public const int Owned = 1;

        /// <summary>Somebody asked for the bytes, and no answer has proved since that the service refused them.</summary>
        public const int Asked = 2;

        /// <summary>Somebody writes them now.</summary>
        public const int Writing = 4;
    }
}

/// <summary>Tells whoever repeats a send why that does not work. Handlers and HttpContent take it for a failure of the network.</summary>
internal sealed class RepeatedSendException() : IOException(
    "This request was written before, and the service may have taken it: a repetition could reach the buyer twice.");
