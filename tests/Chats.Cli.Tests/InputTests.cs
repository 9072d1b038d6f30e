using System.Text;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>The real standard input, byte by byte: UTF-8, and nothing is made of what is none.</summary>
public sealed class InputTests
{
    [Test]
    public void Text_is_read_as_utf8_with_or_without_its_mark([Values] bool withMark)
    {
        byte[] bytes = [.. withMark ? [0xEF, 0xBB, 0xBF] : Array.Empty<byte>(), .. "Жук 😀\n"u8];

        using var reader = Shell.OpenInput(new MemoryStream(bytes));

        Assert.That(reader.ReadToEnd(), Is.EqualTo("Жук 😀\n"));
    }

    [Test]
    public async Task Another_encoding_is_refused_and_not_guessed([Values("utf-16", "utf-16BE", "iso-8859-1")] string encoding)
    {
        await using var service = await TestService.StartAsync();
        var it = Encoding.GetEncoding(encoding);
        using var input = Shell.OpenInput(new MemoryStream([.. it.Preamble, .. it.GetBytes("Größe")]));

        var ran = await new TestTool { Input = input }.RunAsync(service.Send());

        Assert.That((ran.ExitCode, service.Emulator.Requests.Total), Is.EqualTo((2, 0L)));
        Assert.That(ran.Error, Does.Contain("Standard input is not UTF-8"));
    }
}
