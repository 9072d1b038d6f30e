using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Tests.Reading;

/// <summary>
/// The generated readers, which go over a body once, against a plain reader that takes what the contract names out of Newtonsoft.Json's JObject:
/// on bodies that no one thought of both give the same model, or none. What is no JSON at all is in the wire cases.
/// </summary>
public sealed class DifferentialTests
{
    private static readonly int _bodies = Seeds.Amount(120_000);

    private static readonly string[] _reads =
    [
        """{"status":"OK","result":{"messageId":1,"createdAt":"2017-11-21T00:00:00+03:00","sender":"PARTNER","message":"example","payload":[{"name":"example","url":"example","size":0}]}}""",
        """{"result":{"payload":[{"size":70123,"name":"","url":"https://example.com/1?a=b&c"},{"url":"u","size":-1,"name":"два.jpg"}],"sender":"CUSTOMER","createdAt":"2025-02-28T23:59:59.1234567Z","messageId":9223372036854775807},"status":"OK"}""",
        """{"status":"OK","result":{"messageId":42,"createdAt":"2025-01-16T10:09:49.5-03:30","sender":"MARKET","message":"Здравствуйте! 😀","payload":null,"new":{"deep":[1,2.5,"x",null,{"y":true}]}}}""",
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
        "9223372036854775808", "123456789012345678901234567890", "1.0", "1.5", "1e2", "1E400", "-0", "\"\"", "\"1\"", "\" 1\"", "\"1,000\"",
        "\"text\"", "\"текст 😀\"", "\"\\u0041\\n\\\"\\/\\b\\f\\r\\t\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"OK\"", "\"ok\"", "\"ERROR\"", "\"Error\"",
        "\"PARTNER\"", "\"partner\"", "\"Customer\"", "\"SUPPORT\"", "\"ROBOT\"", "\"2017-11-21T00:00:00Z\"", "\"2017-11-21T00:00:00\"",
        "\"21.11.2017\"", "\"/Date(1511211600000)/\"", "[]", "[null]", "[1]", "[{}]", "{}", "{\"a\":[{\"b\":null}]}",
    ];

    private readonly Random _random = new(Seeds.Seed);

    [Test]
    public void The_readers_return_what_a_plain_reader_returns()
    {
        var (models, refusals, differences) = (0, 0, new List<string>());
        for (var i = 0; i < _bodies; i++)
        {
            var isRead = _random.Next(3) > 0;
            var body = Mutate(Pick(isRead ? _reads : _errors));
            var ours = isRead ? Read(body, GetChatMessageResponse.Read) : Read(body, ErrorResponse.Read);
            var plain = isRead ? JsonConvert.SerializeObject(ReadOf(Parse(body))) : JsonConvert.SerializeObject(ErrorOf(Parse(body)));
            _ = ours == "null" ? refusals++ : models++;
            if (ours != plain)
            {
                differences.Add($"{body}\n  ours:  {ours}\n  plain: {plain}");
            }
        }

        TestContext.Out.WriteLine($"Seed {Seeds.Seed} (CHATS_TEST_SEED sets another): {_bodies} bodies, {models} models, {refusals} refused.");
        Assert.That(differences, Is.Empty, $"seed {Seeds.Seed}: {differences.Count} differences; the first: {differences.FirstOrDefault()}");
        Assert.That((models > _bodies / 10, refusals > _bodies / 10), Is.EqualTo((true, true)));
    }

    /// <summary>The model as Newtonsoft.Json writes it, as the same text means the same values.</summary>
    private static string Read<T>(string body, Func<JsonTextReader, T> read)
        where T : class
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return JsonConvert.SerializeObject(JsonText.TryRead(bytes, bytes.Length, read, out _));
    }

    private static JObject Parse(string body)
    {
        using var reader = new JsonTextReader(new StringReader(body)) { DateParseHandling = DateParseHandling.None };
        return JObject.Load(reader);
    }

    private static GetChatMessageResponse? ReadOf(JObject it)
    {
        var message = MessageOf(it["result"] as JObject);
        return message is null && !IsNone(it["result"]) ? null : new() { Status = EnumOf<ApiResponseStatus>(it["status"]), Result = message };
    }

    private static ErrorResponse ErrorOf(JObject it) => new()
    {
        Status = EnumOf<ApiResponseStatus>(it["status"]),
        // An error that cannot be read does not hide the others.
        Errors = (it["errors"] as JArray)?.OfType<JObject>()
            .Where(error => TextOf(error["code"]) is not null && (IsNone(error["message"]) || TextOf(error["message"]) is not null))
            .Select(error => new ApiError { Code = TextOf(error["code"])!, Message = TextOf(error["message"]) }).ToList(),
    };

    private static ChatMessage? MessageOf(JObject? it) =>
        NumberOf(it?["messageId"]) is { } id && EnumOf<ChatMessageSender>(it?["sender"]) is { } sender
            && IsoDate.TryParse(TextOf(it?["createdAt"]) ?? "", out var createdAt) && (IsNone(it?["message"]) || TextOf(it?["message"]) is not null)
        ? new()
        {
            MessageId = id,
            CreatedAt = createdAt,
            Sender = sender,
            Message = TextOf(it?["message"]),
            // What is wrong with a file costs no message.
            Payload = (it?["payload"] as JArray)?.OfType<JObject>().Select(file => new ChatMessagePayload
            {
                Name = TextOf(file["name"]) ?? "",
                Url = TextOf(file["url"]) ?? "",
                Size = NumberOf(file["size"]) ?? 0,
            }).ToList(),
        }
        : null;

    private static bool IsNone(JToken? token) => token is null or { Type: JTokenType.Null };

    private static string? TextOf(JToken? token) => token is JValue { Type: JTokenType.String, Value: string text } ? text : null;

    /// <summary>An unknown value is the first, Unknown.</summary>
    private static T? EnumOf<T>(JToken? token)
        where T : struct, Enum =>
        TextOf(token) is not { } text ? null
        : text.All(char.IsUpper) && Enum.TryParse<T>(text, ignoreCase: true, out var value) ? value
        : default(T);

    private static long? NumberOf(JToken? token) =>
        token is JValue { Type: JTokenType.Integer, Value: long number } ? number
        : long.TryParse(TextOf(token), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var digits) ? digits
        : null;

    /// <summary>Changes, removes or renames a member of a good body, once or twice.</summary>
    private string Mutate(string body)
    {
        var document = Parse(body);
        for (var changes = _random.Next(1, 3); changes > 0; changes--)
        {
            var member = Pick(document.Descendants().OfType<JProperty>().ToArray());
            switch (_random.Next(5))
            {
                case 0 when document.Count > 1:
                    member.Remove();
                    break;
                case 1:
                    member.Replace(new JProperty(_random.Next(2) == 0 ? member.Name.ToUpperInvariant() : $"x{member.Name}", member.Value));
                    break;
                default:
                    member.Value = new JRaw(Pick(_values));
                    break;
            }
        }

        return document.ToString(Formatting.None);
    }

    private T Pick<T>(T[] some) => some[_random.Next(some.Length)];
}
