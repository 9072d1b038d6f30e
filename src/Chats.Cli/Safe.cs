namespace YandexMarket.Chats.Cli;

/// <summary>
/// Makes what others wrote safe to print: a control character in a buyer's text could move the cursor, recolour or retitle the
/// terminal, or forge a line of a log.
/// </summary>
internal static class Safe
{
    /// <summary>One line: line breaks and tabs are replaced too.</summary>
    public static string Line(string text) => Replace(text, keepLines: false);

    /// <summary>A text with its lines and tabs.</summary>
    public static string Text(string text) => Replace(text.ReplaceLineEndings("\n"), keepLines: true);

    private static string Replace(string text, bool keepLines) => string.Create(text.Length, (text, keepLines), static (span, it) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            var c = it.text[i];
            span[i] = char.IsControl(c) && !(it.keepLines && c is '\n' or '\t') ? '\uFFFD' : c;
        }
    });
}
