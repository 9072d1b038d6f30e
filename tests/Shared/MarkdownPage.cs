using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Testing;

/// <summary>A page as the tests of the documents need it: its blocks of code, its links, its tables, its headings.</summary>
internal sealed partial class MarkdownPage
{
    private readonly List<Block> _blocks = [];
    private readonly List<string> _lines = [];
    private readonly List<string> _anchors = [];

    /// <param name="path">Where it stands in the repository, with slashes.</param>
    /// <param name="text">Its text.</param>
    public MarkdownPage(string path, string text)
    {
        Path = path;
        var section = "";
        (string Fence, string Language, List<string> Lines)? open = null;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (open is { } block)
            {
                if (line.Trim() == block.Fence)
                {
                    _blocks.Add(new Block(this, section, block.Language, string.Join('\n', block.Lines)));
                    open = null;
                }
                else
                {
                    block.Lines.Add(line);
                }
            }
            else if (Fence().Match(line) is { Success: true } fence)
            {
                open = (fence.Groups[1].Value, fence.Groups[2].Value, []);
            }
            else
            {
                _lines.Add(line);
                if (Heading().Match(line) is { Success: true } heading)
                {
                    section = heading.Groups[1].Value;
                    _anchors.Add(AnchorOf(section, _anchors));
                }
            }
        }

        if (open is not null)
        {
            throw new InvalidDataException($"{path}: the last block of code has no end.");
        }
    }

    public string Path { get; }

    /// <summary>The blocks of code between fences.</summary>
    public IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>What a link may name after #, as GitHub makes it of the headings.</summary>
    public IReadOnlyList<string> Anchors => _anchors;

    /// <summary>Where the links and pictures lead.</summary>
    public IEnumerable<string> Links => _lines.Where(line => !line.StartsWith("    ", StringComparison.Ordinal))
        .SelectMany(line => Link().Matches(Code().Replace(line, ""))).Select(match => match.Groups[1].Value);

    /// <summary>What stands between back quotes in the text.</summary>
    public IEnumerable<string> Codes => _lines.SelectMany(CodesOf);

    /// <summary>The rows of the table whose first column has this head, each as its cells.</summary>
    public IReadOnlyList<string[]> Table(string firstColumn)
    {
        var head = _lines.FindIndex(line => line.StartsWith($"| {firstColumn} |", StringComparison.Ordinal));
        return head < 0
            ? throw new InvalidDataException($"{Path} has no table whose first column is '{firstColumn}'.")
            : [.. _lines.Skip(head + 2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())];
    }

    /// <summary>What stands between back quotes in a piece of text.</summary>
    public static IEnumerable<string> CodesOf(string text) => Code().Matches(text).Select(match => match.Groups[1].Value);

    public override string ToString() => Path;

    private static string AnchorOf(string heading, List<string> before)
    {
        var words = Markup().Replace(heading, "$1").ToLowerInvariant();
        var anchor = string.Concat(words.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');
        var twins = before.Count(other => other == anchor || other.StartsWith($"{anchor}-", StringComparison.Ordinal) && int.TryParse(other[(anchor.Length + 1)..], out _));
        return twins == 0 ? anchor : $"{anchor}-{twins}";
    }

    [GeneratedRegex(@"^ *(```+|~~~+)(\w*)$")]
    private static partial Regex Fence();

    [GeneratedRegex("^#{1,6} +(.*?) *$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Markup();

    [GeneratedRegex(@"\]\(([^)\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    /// <summary>A block of code.</summary>
    internal sealed record Block(MarkdownPage Page, string Section, string Language, string Text);
}
