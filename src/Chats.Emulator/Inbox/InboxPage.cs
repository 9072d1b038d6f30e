using System.Security.Cryptography;
using System.Text;

namespace YandexMarket.Chats.Emulator;

/// <summary>The page, one HTML document, and the policy that lets a browser run exactly its script and load nothing else.</summary>
internal sealed record InboxPage(byte[] Html, string Policy)
{
    public static InboxPage Load()
    {
        var style = Read("inbox.css");
        var script = Read("inbox.view.js") + Read("inbox.js");
        var html = Read("inbox.html").Replace("/*style*/", style, StringComparison.Ordinal).Replace("/*script*/", script, StringComparison.Ordinal);

        // With trusted-types 'none' the browser does not turn a text into HTML.
        var policy = $"default-src 'none'; style-src '{Hash(style)}'; script-src '{Hash(script)}'; connect-src 'self'; img-src data:; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
        return new InboxPage(Encoding.UTF8.GetBytes(html), policy);
    }

    private static string Hash(string source) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(source)))}";

    private static string Read(string name)
    {
        using var stream = typeof(InboxPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);

        // A browser hashes the parsed text, in which all line ends are line feeds.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
