using System.Buffers;
using System.Text;

namespace YandexMarket.Chats.Wire;

/// <summary>Reads UTF-8 bytes as text. A leading BOM is skipped. The first read throws if the bytes are not UTF-8.</summary>
internal sealed class Utf8Reader(byte[] bytes, int length) : TextReader
{
    /// <summary>Throws for invalid UTF-8 or UTF-16 instead of altering it.</summary>
    public static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private char[]? _chars;

    // The part not read yet: of the bytes, or once they are decoded, of the characters.
    private int _position = length >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0;
    private int _end = length;

    public override int Read(char[] buffer, int index, int count)
    {
        if (_chars is null)
        {
            // A text never has more UTF-16 units than UTF-8 bytes: if they fit, it is decoded straight into the reader's buffer.
            if (_end - _position <= count)
            {
                var all = Strict.GetChars(bytes, _position, _end - _position, buffer, index);
                _position = _end;
                return all;
            }

            _chars = ArrayPool<char>.Shared.Rent(_end - _position);
            _end = Strict.GetChars(bytes, _position, _end - _position, _chars, 0);
            _position = 0;
        }

        var chars = Math.Min(count, _end - _position);
        Array.Copy(_chars, _position, buffer, index, chars);
        _position += chars;
        return chars;
    }

    protected override void Dispose(bool disposing)
    {
        if (_chars is { } chars)
        {
            _chars = null;
            ArrayPool<char>.Shared.Return(chars);
        }

        base.Dispose(disposing);
    }
}

/// <summary>Encodes what a JSON writer writes as UTF-8, in a pooled array.</summary>
internal sealed class Utf8Writer(int maxLength) : TextWriter
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(maxLength);
    private int _length;

    public override Encoding Encoding => Utf8Reader.Strict;

    public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    // The JSON writer uses this only for punctuation, which is ASCII: surrogates never arrive one at a time.
    public override void Write(char value) => _bytes[_length++] = value < 0x80 ? (byte)value : throw new ArgumentOutOfRangeException(nameof(value));

    public override void Write(char[] buffer, int index, int count) => _length += Utf8Reader.Strict.GetBytes(buffer, index, count, _bytes, _length);

    public override void Write(string? value) => _length += Utf8Reader.Strict.GetBytes(value ?? "", 0, value?.Length ?? 0, _bytes, _length);

    protected override void Dispose(bool disposing)
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
        base.Dispose(disposing);
    }
}
