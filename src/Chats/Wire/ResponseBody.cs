using System.Buffers;
using System.Text;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>The bytes of an answer, read to their end but no further than allowed, in one pooled array.</summary>
internal readonly struct ResponseBody : IDisposable
{
    // Any message of the service fits: 4096 characters and some files.
    private const int OrdinaryAnswer = 16 * 1024;
    private const int LongestArray = 0x7FFFFFC7;

    private readonly byte[] _bytes;
    private readonly int _length;

    private ResponseBody(byte[] bytes, int length, Exception? fault)
    {
        _bytes = bytes;
        _length = length;
        Fault = fault;
    }

    /// <summary>Why the bytes are not all here, or null.</summary>
    public Exception? Fault { get; }

    /// <summary>
    /// Reads the body of an answer; the caller disposes it, once. What goes wrong is kept as <see cref="Fault"/>: the status may matter more.
    /// </summary>
    public static async ValueTask<ResponseBody> ReadAsync(
        HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(OrdinaryAnswer);
        var length = 0;
        Exception? fault = null;
        try
        {
            if (SaysTooLong(response, maxBytes))
            {
                throw new AnswerTooLongException();
            }

#if NET
            using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
            using var stream = response.Content is null ? Stream.Null : await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            // Streams of .NET Framework do not listen to a token while they read.
            using var abort = cancellationToken.Register(static answer => ((HttpResponseMessage)answer!).Dispose(), response);
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
                length += read;
                if (length > maxBytes)
                {
                    throw new AnswerTooLongException();
                }
            }
            while (read > 0);
#if !NET
            // A stream that was closed above may end as if the body were whole.
            cancellationToken.ThrowIfCancellationRequested();
#endif
        }
        catch (Exception exception)
            when (Failure.IsOfTransport(exception) || Failure.IsOfCompression(exception) || exception is AnswerTooLongException)
        {
            fault = exception;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }

        return new ResponseBody(bytes, length, fault);
    }

    /// <summary>Reads the body as a model. If it is none, gives null and says why, in words that quote nothing of it.</summary>
    public T? TryParse<T>(Func<JsonTextReader, T> read, out string? unreadable)
        where T : class
    {
        try
        {
            unreadable = null;
            using var text = new Utf8Reader(_bytes, _length);
            return JsonRead.Document(text, read);
        }
        catch (UnreadableException exception)
        {
            unreadable = exception.Message;
        }
        catch (JsonReaderException exception)
        {
            unreadable = $"it is no JSON (line {exception.LineNumber}, position {exception.LinePosition})";
        }
        catch (DecoderFallbackException)
        {
            unreadable = "it is no UTF-8";
        }

        return null;
    }

    /// <summary>Whether the body is an error envelope, whatever else it is.</summary>
    public bool SaysError() => TryParse(ErrorResponse.Read, out _)?.Status == ApiResponseStatus.Error;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    // netstandard2.0 knows answers without a content.
    private static bool SaysTooLong(HttpResponseMessage response, int maxBytes) => response.Content?.Headers.ContentLength > maxBytes;

    private static byte[] Grow(byte[] bytes)
    {
        var capacity = (int)Math.Min(bytes.Length * 2L, LongestArray);
        if (capacity == bytes.Length)
        {
            throw new AnswerTooLongException();
        }

        var larger = ArrayPool<byte>.Shared.Rent(capacity);
        Buffer.BlockCopy(bytes, 0, larger, 0, bytes.Length);
        ArrayPool<byte>.Shared.Return(bytes);
        return larger;
    }
}
