namespace YandexMarket.Chats.Tests.Conventions;

/// <summary>A rule for all source files that git knows.</summary>
public sealed class SourceTests
{
    [Test]
    public void Every_suppression_has_a_reason()
    {
        var silent =
            from file in Repository.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            from line in File.ReadLines(Repository.PathOf(file)).Select((text, index) => (Text: text.Trim(), Number: index + 1))
            where line.Text.StartsWith("#pragma warning disable", StringComparison.Ordinal) && !line.Text.Contains("//", StringComparison.Ordinal)
            select $"{file}:{line.Number}";

        Assert.That(silent, Is.Empty, "Write the reason behind it, after //.");
    }
}
