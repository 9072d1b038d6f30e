using System.Buffers;
using System.Text;

namespace YandexMarket.Chats.Wire;

/// <summary>Encodes what a JSON writer writes as UTF-8, in a pooled array.</summary>
internal sealed class Utf8Writer : TextWriter
{
    private const int Smallest = 256;
    private const int MaxBytesPerChar = 3;

    private byte[] _bytes = [];
    private int _length;

    public override Encoding Encoding => Utf8.Strict;

    public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    // The JSON writer uses this only for punctuation, which is ASCII: surrogates never arrive one at a time.
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
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
        base.Dispose(disposing);
    }

    private byte[] Reserve(int chars)
    {
        var needed = checked(_length + (chars * MaxBytesPerChar));
        if (needed <= _bytes.Length)
        {
            return _bytes;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(Smallest, _bytes.Length * 2)));
        Buffer.BlockCopy(_bytes, 0, larger, 0, _length);
        ArrayPool<byte>.Shared.Return(_bytes);
        return _bytes = larger;
    }
}
