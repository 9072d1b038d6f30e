using System.Text;

namespace YandexMarket.Chats.Wire;

internal static class Utf8
{
    /// <summary>Refuses what is not UTF-8 in place of altering it.</summary>
    public static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
