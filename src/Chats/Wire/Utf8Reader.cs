using System.Buffers;

namespace YandexMarket.Chats.Wire;

/// <summary>Reads UTF-8 bytes as text. A leading BOM is skipped. The first read throws if the bytes are not UTF-8.</summary>
internal sealed class Utf8Reader : TextReader
{
    private readonly byte[] _bytes;
    private char[]? _chars;

    // The part not read yet: of the bytes, or once they are decoded, of the characters.
    private int _position;
    private int _end;

    public Utf8Reader(byte[] bytes, int length)
    {
        _bytes = bytes;
        _position = length >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0;
        _end = length;
    }

    public override int Read(char[] buffer, int index, int count)
    {
        if (_chars is null)
        {
            // A text never has more UTF-16 units than UTF-8 bytes: if they fit, it is decoded straight into the reader's buffer.
            if (_end - _position <= count)
            {
                var all = Utf8.Strict.GetChars(_bytes, _position, _end - _position, buffer, index);
                _position = _end;
                return all;
            }

            _chars = ArrayPool<char>.Shared.Rent(_end - _position);
            _end = Utf8.Strict.GetChars(_bytes, _position, _end - _position, _chars, 0);
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
