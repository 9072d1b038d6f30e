using Newtonsoft.Json;

namespace YandexMarket.Chats.Tests.Reading.Differential;

/// <summary>What stands out in the names of the members of a body.</summary>
internal readonly record struct Names(bool OtherCase, bool Twice)
{
    private static readonly HashSet<string> _known =
        ["status", "result", "errors", "code", "message", "messageId", "createdAt", "sender", "payload", "name", "url", "size"];

    private static readonly HashSet<string> _knownInAnyCase = new(_known, StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks at the tokens as far as there are any.</summary>
    public static Names Of(string body)
    {
        var (otherCase, twice) = (false, false);
        var levels = new Stack<HashSet<string>>();
        using var reader = new JsonTextReader(new StringReader(body)) { DateParseHandling = DateParseHandling.None };
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonToken.StartObject:
                        levels.Push(new HashSet<string>(StringComparer.OrdinalIgnoreCase));
                        break;
                    case JsonToken.EndObject:
                        levels.Pop();
                        break;
                    case JsonToken.PropertyName:
                        var name = (string)reader.Value!;
                        otherCase |= _knownInAnyCase.Contains(name) && !_known.Contains(name);
                        twice |= !levels.Peek().Add(name) && _knownInAnyCase.Contains(name);
                        break;
                }
            }
        }
        catch (JsonReaderException)
        {
            // What came before it counts.
        }

        return new Names(otherCase, twice);
    }
}
