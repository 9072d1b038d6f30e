using System.Text;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats.Tests.Reading;

public sealed class Utf8Tests
{
    // A pair on every side of every edge of the buffers that are small.
    private static readonly string[] _texts =
        ["", "a", "é", "\U0001F600", .. Enumerable.Range(80, 12).Select(length => new string('a', length) + "\U0001F600\uFFFF\0é"),
         string.Concat(Enumerable.Repeat("\U0001F600", 3000)), new string('я', 5000)];

    [Test]
    public void What_is_written_is_UTF_8([ValueSource(nameof(_texts))] string text, [Values] bool asArray)
    {
        using var writer = new Utf8Writer();
        writer.Write('{');
        if (asArray)
        {
            writer.Write($"??{text}?".ToCharArray(), 2, text.Length);
        }
        else
        {
            writer.Write(text);
        }

        writer.Write((string?)null);
        writer.Write('}');

        Assert.That(writer.ToArray(), Is.EqualTo(Encoding.UTF8.GetBytes($"{{{text}}}")));
    }

    // Not an attribute's arguments: those are UTF-8 themselves.
    [Test]
    public void Half_a_pair_and_a_single_character_outside_ASCII_are_rejected_and_not_replaced([Values] bool high)
    {
        using var writer = new Utf8Writer();
        Assert.That(() => writer.Write(high ? "a\uD83D" : "\uDE00a"), Throws.InstanceOf<EncoderFallbackException>());
        Assert.That(() => writer.Write(high ? '\uD83D' : '\u0080'), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void What_is_read_is_what_the_bytes_say([ValueSource(nameof(_texts))] string text, [Values] bool mark, [Values(1, 2, 3, 1000)] int chunk)
    {
        var bytes = Encoding.UTF8.GetBytes((mark ? "\uFEFF" : "") + text + "beyond the end");
        using var reader = new Utf8Reader(bytes, bytes.Length - "beyond the end".Length);
        var read = new StringBuilder();
        var buffer = new char[chunk + 2];
        while (reader.Read(buffer, 1, chunk) is var count and > 0)
        {
            read.Append(buffer, 1, count);
        }

        Assert.That(read.ToString(), Is.EqualTo(text));
        Assert.That((buffer[0], buffer[^1]), Is.EqualTo(('\0', '\0')), "the margins of the caller's buffer");
    }

    [TestCase(new byte[] { 0xEF, 0xBB }, TestName = "Two bytes of a byte order mark are rejected")]
    [TestCase(new byte[] { 0xFF, 0xFE, 0x7B, 0x00 }, TestName = "UTF-16 is rejected")]
    [TestCase(new byte[] { 0xC0, 0x80 }, TestName = "An overlong form is rejected")]
    [TestCase(new byte[] { 0xED, 0xA0, 0xBD }, TestName = "A surrogate is rejected")]
    [TestCase(new byte[] { 0x7B, 0xD0 }, TestName = "Half a letter is rejected")]
    [TestCase(new byte[] { 0xCF, 0xF0, 0xE8 }, TestName = "Another encoding is rejected")]
    public void Invalid_UTF_8_is_rejected(byte[] bytes)
    {
        foreach (var room in new[] { 1, bytes.Length })
        {
            using var reader = new Utf8Reader(bytes, bytes.Length);
            Assert.That(() => reader.Read(new char[room], 0, room), Throws.InstanceOf<DecoderFallbackException>());
        }
    }
}
