using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Tests.Reading;

/// <summary>
/// The generated readers, which go over a body once, against a plain reader that takes what the contract names out of Newtonsoft.Json's JObject:
/// on bodies that no one thought of both give the same model, or none.
/// </summary>
public sealed class DifferentialTests
{
    private static readonly int _bodies = Seeds.Amount(120_000);

    private static readonly string[] _reads =
    [
        """{"status":"OK","result":{"messageId":1,"createdAt":"2017-11-21T00:00:00+03:00","sender":"PARTNER","message":"example","payload":[{"name":"example","url":"example","size":0}]}}""",
        """{"result":{"payload":[{"size":70123,"name":"","url":"https://example.com/1?a=b&c"},{"url":"u","size":-1,"name":"два.jpg"}],"sender":"CUSTOMER","createdAt":"2025-02-28T23:59:59.1234567Z","messageId":9223372036854775807},"status":"OK"}""",
        """{"status":"OK","result":{"messageId":42,"createdAt":"2025-01-16T10:09:49.5-03:30","sender":"MARKET","message":"Здравствуйте! 😀 \"\\\/\b\f\n\r\t\u0416","payload":null,"new":{"deep":[1,2.5,"x",null,{"y":true}]}}}""",
        """{"status":"ERROR","result":null}""",
    ];

    private static readonly string[] _errors =
    [
        """{"status":"ERROR","errors":[{"code":"NOT_FOUND","message":"Can't find chat by id: '2'"}]}""",
        """{"error":{"code":403,"message":"legacy"},"errors":[{"message":null,"code":"FORBIDDEN"},{"code":"OTHER"}],"status":"OK"}""",
    ];

    private static readonly string[] _values =
    [
        "null", "true", "false", "0", "1", "-1", "7", "2147483647", "2147483648", "-2147483649", "9223372036854775807",
        "9223372036854775808", "123456789012345678901234567890", "1.0", "1.5", "1e2", "1E400", "-0", "01", "0x10", "NaN", "Infinity",
        "undefined", "new Date(1)", "", "\"\"", "\"1\"", "\" 1\"", "\"1,000\"", "\"text\"", "'text'", "\"текст 😀\"", "\"\\u0041\\n\\\"\"", "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"", "\"OK\"", "\"ok\"", "\"ERROR\"", "\"Error\"", "\"PARTNER\"", "\"partner\"", "\"Customer\"", "\"MARKET\"", "\"ROBOT\"",
        "\"2017-11-21T00:00:00+03:00\"", "\"2017-11-21T00:00:00Z\"", "\"2017-11-21T00:00:00\"", "\"2017-11-21\"", "\"21.11.2017\"",
        "\"2017-11-21T00:00:00.123456789+03:00\"", "\"2017-11-21T00:00:00.1234567-11:30\"", "\"2017-11-21T23:59:60Z\"",
        "\"2017-11-21T00:00:00+0300\"", "\"2017-11-21T00:00:00+03\"", "\"2017-11-21t00:00:00z\"", "\"2017-11-21 00:00:00+03:00\"",
        "\"/Date(1511211600000)/\"", "\"0001-01-01T00:00:00+03:00\"", "[]", "[null]", "[1]", "[{}]", "{}", "{\"a\":[{\"b\":null}]}",
    ];

    private static readonly string[] _insertions =
        [" ", "\n", ",", ":", "{", "}", "[", "]", "\"", "'", "\\", "/**/", "//x\n", "\uFEFF", "\0", "1", "null", "\"a\":1,", "\"status\":\"OK\","];

    private static readonly Regex _value = new("""(?<=:)("(?:[^"\\]|\\.)*"|-?\d+|null)""");
    private static readonly Regex _member = new("""
        "\w+":("(?:[^"\\]|\\.)*"|-?\d+|null|\[[^\]]*\]),?
        """);

    private static readonly Regex _name = new("""
        "\w+"(?=:)
        """);

    private static readonly Regex _date =
        new(@"\A([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?(?:[Zz]|([+-][0-9]{2})(?::?([0-9]{2}))?)\z");

    private readonly Random _random = new(Seeds.Seed);

    [Test]
    public void The_readers_return_what_a_plain_reader_returns()
    {
        var (models, refusals, differences) = (0, 0, new List<string>());
        for (var i = 0; i < _bodies; i++)
        {
            var isRead = _random.Next(3) > 0;
            var body = Mutate(Pick(isRead ? _reads : _errors));
            var ours = isRead ? Read(body, GetChatMessageResponse.Read, out var refusal) : Read(body, ErrorResponse.Read, out refusal);
            string? Expected(DuplicatePropertyNameHandling twice) => isRead ? Plain(body, ReadOf, twice) : Plain(body, ErrorOf, twice);
            _ = ours is null ? refusals++ : models++;

            // JObject has lost how a text was quoted. And of a member that comes twice the last counts, but ours also refuses a first one that is
            // wrong.
            var isSame = refusal == "it is not strict JSON" ? !IsStrict(body)
                : ours == Expected(DuplicatePropertyNameHandling.Replace)
                    || (ours is null && Expected(DuplicatePropertyNameHandling.Error) is null);
            if (!isSame)
            {
                differences.Add($"{Encoding.UTF8.GetString(body)}\n  ours:  {ours ?? refusal}\n  plain: {Expected(DuplicatePropertyNameHandling.Replace)}");
            }
        }

        TestContext.Out.WriteLine($"Seed {Seeds.Seed} (CHATS_TEST_SEED sets another): {_bodies} bodies, {models} models, {refusals} refused.");
        Assert.That(differences, Is.Empty, $"seed {Seeds.Seed}: {differences.Count} differences; the first: {differences.FirstOrDefault()}");
        Assert.That((models > _bodies / 10, refusals > _bodies / 10), Is.EqualTo((true, true)));
    }

    /// <summary>The model as Newtonsoft.Json writes it, as the same text means the same values; or null and the reason.</summary>
    private static string? Read<T>(byte[] body, Func<JsonTextReader, T> read, out string? refusal)
        where T : class =>
        JsonText.TryRead(body, body.Length, read, out refusal) is { } model ? JsonConvert.SerializeObject(model) : null;

    private static string? Plain(byte[] body, Func<JObject, object?> read, DuplicatePropertyNameHandling twice)
    {
        try
        {
            using var reader = new JsonTextReader(new StreamReader(new MemoryStream(body), new UTF8Encoding(true, throwOnInvalidBytes: true)))
            {
                DateParseHandling = DateParseHandling.None,
            };
            var document = JToken.Load(reader, new JsonLoadSettings { DuplicatePropertyNameHandling = twice });
            return !reader.Read() && document is JObject whole && read(whole) is { } model ? JsonConvert.SerializeObject(model) : null;
        }
        catch (Exception exception) when (exception is JsonReaderException or DecoderFallbackException or WrongException)
        {
            return null;
        }
    }

    private static bool IsStrict(byte[] body)
    {
        try
        {
            System.Text.Json.JsonDocument.Parse(body).Dispose();
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    private static GetChatMessageResponse ReadOf(JObject it) => new()
    {
        Status = StatusOf(it),
        Result = IsNone(it["result"]) ? null : MessageOf(Must(it["result"] as JObject)),
    };

    private static ErrorResponse ErrorOf(JObject it) => new()
    {
        Status = StatusOf(it),
        // An error that cannot be read does not hide the others.
        Errors = (it["errors"] as JArray)?.OfType<JObject>()
            .Where(error => TextOf(error["code"]) is not null && (IsNone(error["message"]) || TextOf(error["message"]) is not null))
            .Select(error => new ApiError { Code = TextOf(error["code"])!, Message = TextOf(error["message"]) }).ToList(),
    };

    private static ChatMessage MessageOf(JObject it) => new()
    {
        MessageId = NumberOf(it["messageId"]) ?? throw new WrongException(),
        CreatedAt = DateOf(it["createdAt"]) ?? throw new WrongException(),
        Sender = Must(TextOf(it["sender"])) switch
        {
            "PARTNER" => ChatMessageSender.Partner,
            "CUSTOMER" => ChatMessageSender.Customer,
            "MARKET" => ChatMessageSender.Market,
            "SUPPORT" => ChatMessageSender.Support,
            _ => ChatMessageSender.Unknown,
        },
        Message = IsNone(it["message"]) ? null : Must(TextOf(it["message"])),
        // What is wrong with a file costs no message.
        Payload = (it["payload"] as JArray)?.OfType<JObject>().Select(file => new ChatMessagePayload
        {
            Name = TextOf(file["name"]) ?? "",
            Url = TextOf(file["url"]) ?? "",
            Size = NumberOf(file["size"]) ?? 0,
        }).ToList(),
    };

    private static ApiResponseStatus? StatusOf(JObject it) => TextOf(it["status"]) switch
    {
        null => null,
        "OK" => ApiResponseStatus.Ok,
        "ERROR" => ApiResponseStatus.Error,
        _ => ApiResponseStatus.Unknown,
    };

    private static bool IsNone(JToken? token) => token is null or { Type: JTokenType.Null };

    private static T Must<T>(T? value)
        where T : class => value ?? throw new WrongException();

    private static string? TextOf(JToken? token) => token is JValue { Type: JTokenType.String, Value: string text } ? text : null;

    private static long? NumberOf(JToken? token) =>
        token is JValue { Type: JTokenType.Integer, Value: long number } ? number
        : long.TryParse(TextOf(token), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var digits) ? digits
        : null;

    private static DateTimeOffset? DateOf(JToken? token)
    {
        var parts = _date.Match(TextOf(token) ?? "").Groups;
        string Part(int number, string without) => parts[number].Success ? parts[number].Value : without;
        // .NET has no leap second.
        var time = Regex.Replace(parts[2].Value, ":60\\z", ":59");
        return DateTimeOffset.TryParseExact(
            $"{parts[1]} {time}.{Part(3, "").PadRight(7, '0')[..7]} {Part(4, "+00")}:{Part(5, "00")}", "yyyy-MM-dd HH:mm:ss.fffffff zzz",
            CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
    }

    /// <summary>Changes a good body a little, once or twice, in ways that services, proxies and mistakes do.</summary>
    private byte[] Mutate(string body)
    {
        for (var changes = _random.Next(1, 3); changes > 0; changes--)
        {
            body = _random.Next(8) switch
            {
                0 or 1 or 2 => Replace(body, _value, _ => Pick(_values)),
                3 => Replace(body, _member, _ => ""),
                4 => Replace(body, _member, member => member + (member.EndsWith(',') ? "" : ",") + member.TrimEnd(',')),
                5 => Replace(body, _name, name => _random.Next(2) == 0 ? name.ToUpperInvariant() : name.Insert(1, "x")),
                6 => body.Insert(_random.Next(body.Length + 1), Pick(_insertions)),
                _ => Cut(body),
            };
        }

        var bytes = Encoding.UTF8.GetBytes(body);
        if (bytes.Length > 0 && _random.Next(8) == 0)
        {
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        }

        return bytes;
    }

    private string Replace(string body, Regex what, Func<string, string> change)
    {
        var found = what.Matches(body);
        if (found.Count == 0)
        {
            return body;
        }

        var one = found[_random.Next(found.Count)];
        return string.Create(CultureInfo.InvariantCulture, $"{body[..one.Index]}{change(one.Value)}{body[(one.Index + one.Length)..]}");
    }

    private string Cut(string body)
    {
        if (body.Length == 0)
        {
            return body;
        }

        var start = _random.Next(body.Length);
        return _random.Next(2) == 0 ? body[..start] : body.Remove(start, Math.Min(_random.Next(1, 4), body.Length - start));
    }

    private string Pick(string[] some) => some[_random.Next(some.Length)];

    private sealed class WrongException : Exception;
}
