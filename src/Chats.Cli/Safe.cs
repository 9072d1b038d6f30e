using System.Globalization;
using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Cli;

/// <summary>
/// Makes what others wrote safe to print: a control character in a buyer's text could move the cursor, change the terminal's colors or
/// title, or forge a line of a log; one that changes the direction of writing could make it read differently.
/// </summary>
internal static partial class Safe
{
    /// <summary>As one line: line breaks and tabs are replaced too.</summary>
    public static string Line(string text) => Control().Replace(text, "\uFFFD");

    /// <summary>With its lines and tabs.</summary>
    public static string Text(string text) => ControlButLinesAndTabs().Replace(text.ReplaceLineEndings("\n"), "\uFFFD");

    /// <summary>A JSON document with the same values: Newtonsoft.Json escapes only some of the control characters.</summary>
    public static string Json(string json) =>
        ControlButLinesAndTabs().Replace(json, match => string.Create(CultureInfo.InvariantCulture, $@"\u{(int)match.Value[0]:x4}"));

    [GeneratedRegex(@"[\p{Cc}\u202A-\u202E\u2066-\u2069]")]
    private static partial Regex Control();

    [GeneratedRegex(@"[\p{Cc}\u202A-\u202E\u2066-\u2069-[\r\n\t]]")]
    private static partial Regex ControlButLinesAndTabs();
}
