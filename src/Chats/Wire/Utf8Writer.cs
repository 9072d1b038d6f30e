using System.Buffers;
using System.Text;

namespace YandexMarket.Chats.Wire;

/// <summary>Turns what a JSON writer writes into UTF-8, in one pooled array.</summary>
internal sealed class Utf8Writer : TextWriter
{
    private const int MaxBytesPerChar = 3;

    private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(256);
    private int _length;

    public override Encoding Encoding => Utf8.Strict;

    /// <summary>Hands the array over: whoever takes it returns it to the pool.</summary>
    public (byte[] Bytes, int Length) Detach()
    {
        var bytes = _bytes ?? throw new ObjectDisposedException(nameof(Utf8Writer));
        _bytes = null;
        return (bytes, _length);
    }

    // The JSON writer uses this for its own punctuation only, which is ASCII: a surrogate never comes alone.
    public override void Write(char value)
    {
        var bytes = Reserve(1);
        bytes[_length++] = value < 0x80 ? (byte)value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override void Write(char[] buffer, int index, int count)
    {
        var bytes = Reserve(count);
        _length += Utf8.Strict.GetBytes(buffer, index, count, bytes, _length);
    }

    public override void Write(string? value)
    {
        if (value is not null)
        {
            var bytes = Reserve(value.Length);
            _length += Utf8.Strict.GetBytes(value, 0, value.Length, bytes, _length);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (_bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = null;
        }

        base.Dispose(disposing);
    }

    private byte[] Reserve(int chars)
    {
        var bytes = _bytes ?? throw new ObjectDisposedException(nameof(Utf8Writer));
        var needed = checked(_length + (chars * MaxBytesPerChar));
        if (needed <= bytes.Length)
        {
            return bytes;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, bytes.Length * 2));
        Buffer.BlockCopy(bytes, 0, larger, 0, _length);
        ArrayPool<byte>.Shared.Return(bytes);
        return _bytes = larger;
    }
}
