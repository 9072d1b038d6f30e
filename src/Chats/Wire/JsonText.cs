using System.Text;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>Reads UTF-8 JSON as a model.</summary>
internal static class JsonText
{
    // Longer than any number of the contract, but shorter than those that JsonTextReader rejects.
    private const int MaxNumberLength = 300;

    /// <summary>Returns the model, or null and the reason, which does not quote the text.</summary>
    public static T? TryRead<T>(byte[] utf8, int length, Func<JsonTextReader, T> read, out string? unreadable)
        where T : class =>
        TryReadOnce(utf8, length, read, out unreadable) ??
        (BlankLongNumbers(utf8.AsSpan(0, length)) ? TryReadOnce(utf8, length, read, out unreadable) : null);

    private static T? TryReadOnce<T>(byte[] utf8, int length, Func<JsonTextReader, T> read, out string? unreadable)
        where T : class
    {
        try
        {
            unreadable = null;
            using var text = new Utf8Reader(utf8, length);
            return JsonRead.Document(text, read);
        }
        catch (UnreadableException exception)
        {
            unreadable = exception.Message;
        }
        catch (JsonReaderException exception)
        {
            unreadable = $"it is not JSON (line {exception.LineNumber}, position {exception.LinePosition})";
        }
        catch (DecoderFallbackException)
        {
            unreadable = "it is not UTF-8";
        }

        return null;
    }

    /// <summary>
    /// JsonTextReader rejects a document with an integer of more than 380 digits, even in an unknown member. This replaces each long number with
    /// <c>{}</c> and spaces: a reader skips that in an unknown member and rejects it anywhere else.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    private static bool BlankLongNumbers(Span<byte> utf8)
    {
        var found = false;
        var inString = false;
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == '"')
            {
                inString = !inString;
            }
            else if (inString)
            {
                i += utf8[i] == '\\' ? 1 : 0;
            }
            else if (utf8[i] == '-' || IsDigit(utf8[i]))
            {
                var start = i;
                while (i + 1 < utf8.Length && IsOfNumber(utf8[i + 1]))
                {
                    i++;
                }

                if (i - start >= MaxNumberLength)
                {
                    var number = utf8.Slice(start, i + 1 - start);
                    number.Fill((byte)' ');
                    "{}"u8.CopyTo(number);
                    found = true;
                }
            }
        }

        return found;
    }

    private static bool IsOfNumber(byte value) => IsDigit(value) || "+-.Ee"u8.IndexOf(value) >= 0;

    private static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';
}
