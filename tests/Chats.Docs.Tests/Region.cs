namespace YandexMarket.Chats.Docs.Tests;

/// <summary>A part of a test that a page shows: from <c>// README: …</c> or <c>// docs/using: …</c> to <c>// end</c>.</summary>
internal sealed partial record Region(string File, string Title, string Text)
{
    private const string TestOnly = "// test only";

    /// <summary>The regions of all tests and of the sample bot.</summary>
    public static IEnumerable<Region> All =>
        from file in Repository.Files
        where file.EndsWith(".cs", StringComparison.Ordinal)
        where file.StartsWith("samples/", StringComparison.Ordinal)
            || (file.StartsWith("tests/", StringComparison.Ordinal) && file.Split('/')[1].EndsWith("Tests", StringComparison.Ordinal))
        from Match match in Marked().Matches(Repository.Read(file).ReplaceLineEndings("\n"))
        select new Region(file, match.Groups[1].Value, WithoutIndent(match.Groups[2].Value));

    private static string WithoutIndent(string region)
    {
        var lines = region.Split('\n').Where(line => !line.EndsWith(TestOnly, StringComparison.Ordinal)).ToList();
        var indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Trim().Length == 0 ? "" : line[indent..])).Trim();
    }

    [GeneratedRegex("// ((?:README|CONTRIBUTING|docs/[a-z]+)(?:\\.md)?: [^\n]*)\n(.*?)\n *// end", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
