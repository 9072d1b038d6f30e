using System.Buffers;
using System.Net;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// The JSON of a request, which remembers whether anybody asked for its bytes: until then nothing can have left this process.
/// </summary>
internal sealed class RequestBody : HttpContent
{
    private readonly byte[] _bytes;
    private readonly int _length;

    // The bytes go back to the pool when the request is disposed and the last writer has ended: a canceled send can still be
    // writing, and must not write the text of another one.
    private int _users = 1;
    private int _disposed;
    private volatile bool _wasAsked;

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

    public bool WasAsked => _wasAsked;

    /// <summary>For an attempt whose answer proved that the service refused it: only the next one counts.</summary>
    public void ForgetAttempt() => _wasAsked = false;

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
        _wasAsked = true;
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
