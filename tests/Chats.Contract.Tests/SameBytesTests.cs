using System.Text;
using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests;

/// <summary>The same contract gives the same bytes anywhere.</summary>
[Slow]
internal sealed class SameBytesTests
{
    private static readonly Lazy<byte[]> _here = new(() => ChangedContract.Unchanged.Generate().Bytes);

    [Test]
    public void Another_process_in_another_folder_gives_the_same_bytes() =>
        Assert.That(Generator.RunAlone(ChangedContract.Unchanged.Text).Bytes, Is.EqualTo(_here.Value));

    [TestCase("\n")]
    [TestCase("\r\n")]
    public void A_second_run_gives_the_same_bytes_whatever_the_line_ends_of_the_contract(string lineEnd) =>
        Assert.That(Generator.Run(ChangedContract.Unchanged.Text.ReplaceLineEndings(lineEnd)).Bytes, Is.EqualTo(_here.Value));

    [Test]
    public void They_tell_nothing_of_when_and_where_they_were_made()
    {
        var text = Encoding.UTF8.GetString(_here.Value);

        Assert.That(text, Does.Not.Contain(Path.GetTempPath()).And.Not.Contain(Repository.Root).And.Not.Contain(Environment.MachineName));
        Assert.That(text, Does.Not.Match(@"\b20\d\d\b"), "A year.");
    }
}
