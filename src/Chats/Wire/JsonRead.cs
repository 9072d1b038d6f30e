using System.Globalization;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>
/// Helpers for the generated readers: each starts on the first token of a value and stops on its last. They reject the invalid JSON that
/// JsonTextReader accepts and shows: truncation, comments, single quotes, unquoted names, NaN; not octal or hexadecimal numbers, infinities, trailing
/// commas or control characters.
/// </summary>
internal static class JsonRead
{
    // An exception for each of a million wrong items would take seconds.
    private const int MaxWrongItems = 100;

    /// <summary>Reads a whole document of one value.</summary>
    public static T Document<T>(TextReader text, Func<JsonTextReader, T> read)
    {
        using var reader = new JsonTextReader(text)
        {
            ArrayPool = JsonCharPool.Shared,
            CloseInput = false,
            DateParseHandling = DateParseHandling.None,
            // An unknown member may be nested deeper than any default limit; it is skipped without recursion.
            MaxDepth = null,
            PropertyNameTable = ChatsMemberNames.Instance,
        };
        Advance(reader);
        var document = read(reader);
        return reader.Read() ? throw new UnreadableException("there is extra data after the JSON") : document;
    }

    public static void StartObject(JsonTextReader reader, string model)
    {
        if (reader.TokenType != JsonToken.StartObject)
        {
            throw Wrong(model, "an object");
        }
    }

    /// <summary>Moves to the value of the next member and returns the member's name; null at the end of the object.</summary>
    public static string? NextMember(JsonTextReader reader)
    {
        if (Advance(reader) == JsonToken.EndObject)
        {
            return null;
        }

        var name = (string)reader.Value!;
        Advance(reader);
        return name;
    }

    public static bool IsNull(JsonTextReader reader) => reader.TokenType == JsonToken.Null;

    /// <summary>Null if the value is not a string.</summary>
    public static string? Text(JsonTextReader reader) => reader.TokenType == JsonToken.String ? (string)reader.Value! : null;

    /// <summary>A number, or its digits in a string, as ids in notifications. Null if the value is neither, or is beyond 64 bits.</summary>
    public static long? Int64(JsonTextReader reader) =>
        reader is { TokenType: JsonToken.Integer, Value: long number } ? number
        : long.TryParse(Text(reader), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number
        : null;

    /// <summary>Null if the value is not an ISO 8601 date and time with an offset.</summary>
    public static DateTimeOffset? Date(JsonTextReader reader) => Text(reader) is { } text && IsoDate.TryParse(text, out var value) ? value : null;

    /// <summary>
    /// The items; if lenient, those that can be read, up to the hundredth that cannot. Null if the value is not an array.
    /// </summary>
    public static IReadOnlyList<T>? List<T>(JsonTextReader reader, Func<JsonTextReader, T> read, bool isLenient = false)
    {
        if (reader.TokenType != JsonToken.StartArray)
        {
            return null;
        }

        var list = new List<T>();
        var wrong = 0;
        while (Advance(reader) != JsonToken.EndArray)
        {
            if (wrong == MaxWrongItems)
            {
                Skip(reader);
                continue;
            }

            var depth = reader.Depth;
            try
            {
                list.Add(read(reader));
            }
            catch (MismatchException) when (isLenient)
            {
                wrong++;
                SkipRest(reader, depth);
            }
        }

        return list;
    }

    /// <summary>Skips a value of a wrong type, which is then read as null: see <c>x-lenient</c> in the contract.</summary>
    public static T? SkipAs<T>(JsonTextReader reader)
    {
        Skip(reader);
        return default;
    }

    /// <summary>Skips the value of an unknown member.</summary>
    public static void Skip(JsonTextReader reader) => SkipRest(reader, reader.Depth);

    /// <summary>Skips what is left of the value that began at a depth.</summary>
    private static void SkipRest(JsonTextReader reader, int depth)
    {
        while (reader.Depth > depth || reader.TokenType is JsonToken.StartObject or JsonToken.StartArray)
        {
            Advance(reader);
        }
    }

    public static MismatchException Missing(string member) => new($"{member} is missing");

    public static MismatchException Wrong(string member, string wanted) => new($"{member} is not {wanted}");

    /// <summary>Moves to the next token. Throws at the end, and for a token that is not strict JSON.</summary>
    private static JsonToken Advance(JsonTextReader reader)
    {
        if (!reader.Read())
        {
            throw new UnreadableException("it is empty or incomplete");
        }

        var token = reader.TokenType;
        var strict = token switch
        {
            JsonToken.String or JsonToken.PropertyName => reader.QuoteChar == '"',
            JsonToken.Comment or JsonToken.Undefined or JsonToken.StartConstructor => false,
            JsonToken.Float => reader.Value is double and not double.NaN,
            _ => true,
        };
        return strict ? token : throw new UnreadableException("it is not strict JSON");
    }
}

/// <summary>Not JSON, or JSON that does not match the contract. The message quotes nothing of it.</summary>
internal class UnreadableException(string message) : Exception(message);

/// <summary>JSON that does not match the contract. The message names parts of the contract.</summary>
internal sealed class MismatchException(string message) : UnreadableException(message);
