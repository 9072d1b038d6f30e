using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace YandexMarket.Chats.Testing;

/// <summary>A page as the tests of the documents need it: its blocks of code, its links, its tables, its headings.</summary>
internal sealed class MarkdownPage
{
    private static readonly MarkdownPipeline _pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).UsePreciseSourceLocation().Build();

    private readonly MarkdownDocument _document;
    private readonly string _text;

    public MarkdownPage(string path, string text)
    {
        (Path, _text, _document) = (path, text, Markdown.Parse(text, _pipeline));
        var section = "";
        foreach (var block in _document.Descendants<LeafBlock>())
        {
            if (block is HeadingBlock heading)
            {
                section = text[heading.Span.Start..(heading.Span.End + 1)].Trim('#', ' ');
            }
            else if (block is FencedCodeBlock code)
            {
                Blocks.Add(code.ClosingFencedCharCount > 0
                    ? new Block(this, section, code.Info ?? "", code.Lines.ToString().ReplaceLineEndings("\n"))
                    : throw new InvalidDataException($"{path}: the last block of code has no end."));
            }
        }
    }

    public string Path { get; }

    public List<Block> Blocks { get; } = [];

    /// <summary>What a link may name after #, as GitHub makes it of the headings.</summary>
    public IEnumerable<string?> Anchors => _document.Descendants<HeadingBlock>().Select(heading => heading.GetAttributes().Id);

    /// <summary>Where the links and pictures lead.</summary>
    public IEnumerable<string> Links => _document.Descendants<LinkInline>().Select(link => link.Url!);

    public IEnumerable<string> Codes => _document.Descendants<CodeInline>().Select(code => code.Content);

    /// <summary>The rows of the table whose first column has this header, each as its cells.</summary>
    public IReadOnlyList<string[]> Table(string firstColumn) =>
        [.. (_document.Descendants<Table>().FirstOrDefault(table => CellsOf(table[0])[0] == firstColumn)
            ?? throw new InvalidDataException($"{Path} has no table whose first column is '{firstColumn}'.")).Skip(1).Select(CellsOf)];

    public static IEnumerable<string> CodesOf(string text) => new MarkdownPage("", text).Codes;

    public override string ToString() => Path;

    private string[] CellsOf(Markdig.Syntax.Block row) =>
        [.. ((TableRow)row).Select(cell => cell.Span.IsEmpty ? "" : _text[cell.Span.Start..(cell.Span.End + 1)].Trim(' ', '|'))];

    internal sealed record Block(MarkdownPage Page, string Section, string Language, string Text)
    {
        /// <summary>The code without the usings at its beginning, which a region inside of a method cannot have.</summary>
        public string Example => Regex.Replace(Text, @"\A(using [A-Z][\w.]+;\r?\n)+", "").Trim();
    }
}

internal static class Pages
{
    public static IEnumerable<MarkdownPage> All => Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)).Select(Read);

    /// <summary>The pages that show how the code is used: the README, the guide for contributors, docs/, and the packages' own pages.</summary>
    public static IEnumerable<MarkdownPage> Guides => All.Where(page => page.Path is "README.md" or "CONTRIBUTING.md"
        || page.Path.StartsWith("docs/", StringComparison.Ordinal) || page.Path.EndsWith("/PACKAGE.md", StringComparison.Ordinal));

    public static MarkdownPage Read(string path) => new(path, Repository.Read(path));
}

/// <summary>The table of options on a page: each option that can be set, with its default, in the order of the class.</summary>
internal static class OptionTable
{
    public static void Check(string page, object options) => Assert.That(
        Pages.Read(page).Table("option").Select(row => $"{row[0].Trim('`')}: {row[1].Trim('`')}"),
        Is.EqualTo(options.GetType().GetProperties().Where(it => it.GetSetMethod() is not null).Select(it => $"{it.Name}: {Words(it.GetValue(options))}")));

    private static string Words(object? value) => value switch
    {
        null or ReadOnlyMemory<byte> { IsEmpty: true } => "none",
        bool flag => flag ? "true" : "false",
        // Without the zeros at the end of a fraction.
        TimeSpan time when time.Ticks % TimeSpan.TicksPerSecond != 0 => $"{time:c}".TrimEnd('0'),
        TimeProvider clock when clock == TimeProvider.System => "the system's",
        Func<TimeSpan, TimeSpan?> => "the vendor's",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
