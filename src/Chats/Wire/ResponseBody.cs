using System.Buffers;
using System.Text;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>The bytes of an answer, read to their end but no further than allowed, in one pooled array.</summary>
internal sealed class ResponseBody : IDisposable
{
    private const int SmallAnswer = 4096;
    private const int LongestArray = 0x7FFFFFC7;

    private byte[] _bytes;
    private int _length;

    private ResponseBody(int capacity) => _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>Why the bytes are not all here, or null.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Reads the body of an answer. What goes wrong is kept as <see cref="Fault"/>: the status may matter more.</summary>
    public static async ValueTask<ResponseBody> ReadAsync(
        HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        // netstandard2.0 knows answers without a content.
        var declared = response.Content is null ? 0 : response.Content.Headers.ContentLength;
        var body = new ResponseBody((int)Math.Min(declared + 1 ?? SmallAnswer, Math.Min(SmallAnswer * 16L, maxBytes + 1L)));
        try
        {
            if (declared > maxBytes)
            {
                throw new AnswerTooLongException();
            }

            if (declared != 0)
            {
                await body.FillAsync(response, maxBytes, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
            when (Failure.IsOfTransport(exception) || Failure.IsOfCompression(exception) || exception is AnswerTooLongException)
        {
            body.Fault = exception;
        }
        catch
        {
            body.Dispose();
            throw;
        }

        return body;
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

    public void Dispose()
    {
        var bytes = Interlocked.Exchange(ref _bytes, []);
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private async ValueTask FillAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
#if NET
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        using var stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
        // Streams of .NET Framework do not listen to a token while they read.
        using var abort = cancellationToken.Register(static answer => ((HttpResponseMessage)answer!).Dispose(), response);
#endif
        while (true)
        {
            if (_length == _bytes.Length)
            {
                Grow();
            }

#if NET
            var read = await stream.ReadAsync(_bytes.AsMemory(_length), cancellationToken).ConfigureAwait(false);
#else
            var read = await stream.ReadAsync(_bytes, _length, _bytes.Length - _length, cancellationToken).ConfigureAwait(false);
#endif
            if (read == 0)
            {
#if !NET
                // A stream that was closed above may end as if the body were whole.
                cancellationToken.ThrowIfCancellationRequested();
#endif
                return;
            }

            _length += read;
            if (_length > maxBytes)
            {
                throw new AnswerTooLongException();
            }
        }
    }

    private void Grow()
    {
        var capacity = (int)Math.Min(_bytes.Length * 2L, LongestArray);
        if (capacity == _bytes.Length)
        {
            throw new AnswerTooLongException();
        }

        var larger = ArrayPool<byte>.Shared.Rent(capacity);
        Buffer.BlockCopy(_bytes, 0, larger, 0, _length);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
