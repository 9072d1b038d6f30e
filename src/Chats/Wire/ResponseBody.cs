using System.Buffers;
using System.Text;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>The bytes of a response, up to the allowed size, in one pooled array.</summary>
internal readonly struct ResponseBody : IDisposable
{
    // Fits any message of the service: 4096 characters and some files.
    private const int TypicalResponseBytes = 16 * 1024;
    private const int MaxArrayLength = 0x7FFFFFC7;

    private readonly byte[] _bytes;
    private readonly int _length;

    private ResponseBody(byte[] bytes, int length, Exception? fault)
    {
        _bytes = bytes;
        _length = length;
        Fault = fault;
    }

    /// <summary>Why the body is incomplete, or null.</summary>
    public Exception? Fault { get; }

    /// <summary>
    /// Reads the body of a response; the caller disposes it once. A failure is kept in <see cref="Fault"/>, because the status may matter more.
    /// </summary>
    public static async ValueTask<ResponseBody> ReadAsync(
        HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(TypicalResponseBytes);
        var length = 0;
        Exception? fault = null;
        try
        {
            if (IsTooLong(response, maxBytes))
            {
                throw new ResponseTooLongException();
            }

#if NET
            using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
            using var stream = response.Content is null ? Stream.Null : await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            // Streams of .NET Framework ignore the token while they read.
            using var abort = cancellationToken.Register(static content => Observer.Dispose((HttpContent?)content), response.Content);
#endif
            int read;
            do
            {
                if (length == bytes.Length)
                {
                    bytes = Grow(bytes);
                }

#if NET
                read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken).ConfigureAwait(false);
#else
                read = await stream.ReadAsync(bytes, length, bytes.Length - length, cancellationToken).ConfigureAwait(false);
#endif
                if (read < 0 || read > bytes.Length - length)
                {
                    throw new IOException("The stream of a handler returned an impossible count.");
                }

                length += read;
                if (length > maxBytes)
                {
                    throw new ResponseTooLongException();
                }
            }
            while (read > 0);
#if !NET
            // A stream that was closed above may end as if the body were complete.
            cancellationToken.ThrowIfCancellationRequested();
#endif
        }
        catch (Exception exception)
        {
            // Of any type: the stream may be a handler's, and a decompressor can throw anything once its response is disposed.
            fault = exception;
        }

        return new ResponseBody(bytes, length, fault);
    }

    /// <summary>Reads the body as a model; otherwise returns null and the reason, which quotes nothing of the body.</summary>
    public T? TryParse<T>(Func<JsonTextReader, T> read, out string? unreadable)
        where T : class =>
        JsonText.TryRead(_bytes, _length, read, out unreadable);

    /// <summary>Whether the body is an error envelope, whatever else it is.</summary>
    public bool SaysError() => TryParse(ErrorResponse.Read, out _)?.Status == ApiResponseStatus.Error;

    /// <summary>The same bytes, with the headers of their content, to be read again; none if the body is incomplete.</summary>
    public HttpContent ToContent(HttpContent? original)
    {
        if (Fault is not null || original is null)
        {
            return new ByteArrayContent([]);
        }

        var content = new ByteArrayContent(_bytes.AsSpan(0, _length).ToArray());
        foreach (var header in original.Headers)
        {
            content.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return content;
    }

    public override string ToString() => Encoding.UTF8.GetString(_bytes, 0, _length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    // On netstandard2.0 the content can be null.
    private static bool IsTooLong(HttpResponseMessage response, int maxBytes) => response.Content?.Headers.ContentLength > maxBytes;

    private static byte[] Grow(byte[] bytes)
    {
        var capacity = (int)Math.Min(bytes.Length * 2L, MaxArrayLength);
        if (capacity == bytes.Length)
        {
            throw new ResponseTooLongException();
        }

        var larger = ArrayPool<byte>.Shared.Rent(capacity);
        Buffer.BlockCopy(bytes, 0, larger, 0, bytes.Length);
        ArrayPool<byte>.Shared.Return(bytes);
        return larger;
    }
}

/// <summary>A response larger than the client may read.</summary>
internal sealed class ResponseTooLongException : Exception;
