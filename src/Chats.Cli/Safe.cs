using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Cli;

/// <summary>
/// Makes what others wrote safe to print: a control character in a buyer's text could move the cursor, change the terminal's colours or
/// title, or forge a line of a log.
/// </summary>
internal static partial class Safe
{
    /// <summary>As one line: line breaks and tabs are replaced too.</summary>
    public static string Line(string text) => Control().Replace(text, "\uFFFD");

    /// <summary>With its lines and tabs.</summary>
    public static string Text(string text) => ControlButLinesAndTabs().Replace(text.ReplaceLineEndings("\n"), "\uFFFD");

    [GeneratedRegex(@"\p{Cc}")]
    private static partial Regex Control();

    [GeneratedRegex(@"[\p{Cc}-[\n\t]]")]
    private static partial Regex ControlButLinesAndTabs();
}
