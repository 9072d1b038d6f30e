using System.Buffers;

namespace YandexMarket.Chats.Wire;

/// <summary>Reads UTF-8 bytes as text, decoded at once into a pooled array. A leading BOM is passed over.</summary>
internal sealed class Utf8Reader : TextReader
{
    private char[] _chars;
    private readonly int _length;
    private int _position;

    public Utf8Reader(byte[] bytes, int length)
    {
        var bom = length >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0;
        // UTF-8 never has more UTF-16 units than bytes.
        _chars = ArrayPool<char>.Shared.Rent(length);
        try
        {
            _length = Utf8.Strict.GetChars(bytes, bom, length - bom, _chars, 0);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override int Read(char[] buffer, int index, int count)
    {
        var chars = Math.Min(count, _length - _position);
        Array.Copy(_chars, _position, buffer, index, chars);
        _position += chars;
        return chars;
    }

    protected override void Dispose(bool disposing)
    {
        var chars = Interlocked.Exchange(ref _chars, []);
        if (chars.Length > 0)
        {
            ArrayPool<char>.Shared.Return(chars);
        }

        base.Dispose(disposing);
    }
}
