using System.Text;

namespace YandexMarket.Chats.Wire;

internal static class Utf8
{
    /// <summary>Throws for invalid UTF-8 or UTF-16 instead of altering it.</summary>
    public static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
