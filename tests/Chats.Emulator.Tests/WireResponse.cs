using System.Globalization;
using System.Text;
using System.Text.Json;

namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>All bytes that came before the connection ended, and whether it ended with a reset.</summary>
internal sealed record WireResponse(byte[] Bytes, bool WasReset)
{
    public string Text { get; } = Encoding.UTF8.GetString(Bytes);

    private int HeadLength => Text.IndexOf("\r\n\r\n", StringComparison.Ordinal);

    public string StatusLine => Text[..Text.IndexOf("\r\n", StringComparison.Ordinal)];

    public int Status => int.Parse(StatusLine.Split(' ')[1], CultureInfo.InvariantCulture);

    public string Body => Text[(HeadLength + 4)..];

    public JsonElement Json => JsonElement.Parse(Body);

    public string ErrorCode => Json.GetProperty("errors")[0].GetProperty("code").GetString()!;

    public string ErrorMessage => Json.GetProperty("errors")[0].GetProperty("message").GetString()!;

    public string? Header(string name)
    {
        var lines = Text[..HeadLength].Split("\r\n").Skip(1).Select(line => line.Split(": ", 2));
        return lines.SingleOrDefault(pair => pair[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1];
    }
}
