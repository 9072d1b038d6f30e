using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Tests.Reading.Differential;

/// <summary>Changes a good body a little, in ways that services, proxies and mistakes do.</summary>
internal sealed partial class Mutator(Random random)
{
    private static readonly string[] _values =
    [
        "null", "true", "false", "0", "1", "-1", "7", "2147483647", "2147483648", "-2147483649", "9223372036854775807",
        "9223372036854775808", "123456789012345678901234567890", "1.0", "1.5", "1e2", "1E400", "-0", "01", "0x10", "NaN", "Infinity",
        "undefined", "new Date(1)", "", "\"\"", "\"1\"", "\"text\"", "'text'", "\"текст 😀\"", "\"\\u0041\\n\\\"\"", "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"", "\"OK\"", "\"ok\"", "\"ERROR\"", "\"Error\"", "\"PARTNER\"", "\"partner\"", "\"Customer\"", "\"MARKET\"", "\"ROBOT\"",
        "\"2017-11-21T00:00:00+03:00\"", "\"2017-11-21T00:00:00Z\"", "\"2017-11-21T00:00:00\"", "\"2017-11-21\"", "\"21.11.2017\"",
        "\"2017-11-21T00:00:00.123456789+03:00\"", "\"2017-11-21T00:00:00.1234567-11:30\"", "\"2017-11-21T23:59:60Z\"",
        "\"2017-11-21T00:00:00+0300\"", "\"2017-11-21T00:00:00+03\"", "\"2017-11-21t00:00:00z\"", "\"2017-11-21 00:00:00+03:00\"",
        "\"/Date(1511211600000)/\"", "\"0001-01-01T00:00:00+03:00\"", "[]", "[null]", "[1]", "[{}]", "{}", "{\"a\":[{\"b\":null}]}",
    ];

    private static readonly string[] _insertions =
        [" ", "\n", ",", ":", "{", "}", "[", "]", "\"", "'", "\\", "/**/", "//x\n", "\uFEFF", "\0", "1", "null", "\"a\":1,", "\"status\":\"OK\","];

    /// <summary>One or two changes.</summary>
    public byte[] Mutate(string body)
    {
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            body = random.Next(8) switch
            {
                0 or 1 or 2 => Replace(body, Value(), _ => Pick(_values)),
                3 => Replace(body, Member(), _ => ""),
                4 => Replace(body, Member(), member => member + (member.EndsWith(',') ? "" : ",") + member.TrimEnd(',')),
                5 => Replace(body, Name(), name => random.Next(2) == 0 ? name.ToUpperInvariant() : name.Insert(1, "x")),
                6 => body.Insert(random.Next(body.Length + 1), Pick(_insertions)),
                _ => Cut(body),
            };
        }

        var bytes = Encoding.UTF8.GetBytes(body);
        if (bytes.Length > 0 && random.Next(8) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    [GeneratedRegex("""(?<=:)("(?:[^"\\]|\\.)*"|-?\d+|null)""")]
    private static partial Regex Value();

    [GeneratedRegex("""
        "\w+":("(?:[^"\\]|\\.)*"|-?\d+|null|\[[^\]]*\]),?
        """)]
    private static partial Regex Member();

    [GeneratedRegex("""
        "\w+"(?=:)
        """)]
    private static partial Regex Name();

    private string Replace(string body, Regex what, Func<string, string> change)
    {
        var found = what.Matches(body);
        if (found.Count == 0)
        {
            return body;
        }

        var one = found[random.Next(found.Count)];
        return string.Create(CultureInfo.InvariantCulture, $"{body[..one.Index]}{change(one.Value)}{body[(one.Index + one.Length)..]}");
    }

    private string Cut(string body)
    {
        if (body.Length == 0)
        {
            return body;
        }

        var start = random.Next(body.Length);
        return random.Next(2) == 0 ? body[..start] : body.Remove(start, Math.Min(random.Next(1, 4), body.Length - start));
    }

    private string Pick(string[] some) => some[random.Next(some.Length)];
}
