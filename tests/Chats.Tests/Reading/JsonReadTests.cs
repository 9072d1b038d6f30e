using Newtonsoft.Json;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats.Tests.Reading;

/// <summary>What the generated readers are made of: what JSON is not must not pass, though JsonTextReader lets it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class JsonReadTests
{
    [TestCase("0", 0L)]
    [TestCase("-9223372036854775808", long.MinValue)]
    [TestCase("9223372036854775807", long.MaxValue)]
    public void A_64_bit_integer_is_read_to_its_bounds(string json, long expected) =>
        Assert.That(Read(json, reader => JsonRead.Int64(reader, "m")), Is.EqualTo(expected));

    [TestCase("9223372036854775808")]
    [TestCase("-9223372036854775809")]
    [TestCase("1.0")]
    [TestCase("1e3")]
    [TestCase("\"1 \"")]
    [TestCase("\"0x1\"")]
    [TestCase("\"\"")]
    [TestCase("null")]
    [TestCase("true")]
    [TestCase("[]")]
    [TestCase("{}")]
    public void What_is_no_64_bit_integer_is_refused(string json) =>
        AssertRefused(json, reader => JsonRead.Int64(reader, "m"), "m is not a 64-bit integer");

    [TestCase("2147483647", int.MaxValue)]
    [TestCase("-2147483648", int.MinValue)]
    public void A_32_bit_integer_is_read_to_its_bounds(string json, int expected) =>
        Assert.That(Read(json, reader => JsonRead.Int32(reader, "m")), Is.EqualTo(expected));

    [TestCase("2147483648")]
    [TestCase("-2147483649")]
    [TestCase("9223372036854775808")]
    [TestCase("0.5")]
    [TestCase("\"2147483648\"")]
    [TestCase("null")]
    public void What_is_no_32_bit_integer_is_refused(string json) =>
        AssertRefused(json, reader => JsonRead.Int32(reader, "m"), "m is not a 32-bit integer");

    [TestCase("1")]
    [TestCase("null")]
    [TestCase("false")]
    [TestCase("[\"a\"]")]
    public void What_is_no_string_is_refused(string json) => AssertRefused(json, reader => JsonRead.Text(reader, "m"), "m is not a string");

    [Test]
    public void A_string_that_looks_like_a_date_stays_a_string() =>
        Assert.That(Read("\"2025-01-16T10:09:49Z\"", reader => JsonRead.Text(reader, "m")), Is.EqualTo("2025-01-16T10:09:49Z"));

    [TestCase("\"soon\"")]
    [TestCase("1")]
    [TestCase("null")]
    public void What_is_no_date_is_refused(string json) => AssertRefused(json, reader => JsonRead.Date(reader, "m"), "m is not an ISO 8601 date");

    [TestCase("[]", 0)]
    [TestCase("[1]", 1)]
    [TestCase("[1,2,3]", 3)]
    public void A_list_is_read_to_its_end(string json, int count) =>
        Assert.That(Read(json, reader => JsonRead.List(reader, "m", item => JsonRead.Int64(item, "i"))), Is.EqualTo(Enumerable.Range(1, count)));

    [TestCase("{}", "m is not an array")]
    [TestCase("null", "m is not an array")]
    [TestCase("[1,null]", "i is not a 64-bit integer")]
    [TestCase("[1", "ends early")]
    [TestCase("[", "ends early")]
    public void What_is_no_list_is_refused(string json, string reason) =>
        AssertRefused(json, reader => JsonRead.List(reader, "m", item => JsonRead.Int64(item, "i")), reason);

    [TestCase("1")]
    [TestCase("\"a\"")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("""{"a":[{"b":{}},[[]]],"c":1e-7,"d":-0.0}""")]
    public void A_value_that_nobody_knows_is_passed_over(string json) => Assert.That(Read($"[{json},7]", reader =>
    {
        JsonRead.List(reader, "m", item =>
        {
            JsonRead.Skip(item);
            return item.TokenType;
        });
        return true;
    }));

    [TestCase("", "empty")]
    [TestCase("   ", "empty")]
    [TestCase("{", "ends early")]
    [TestCase("""{"a":""", "ends early")]
    [TestCase("""{"a":1""", "ends early")]
    [TestCase("""{"a":[1,{"b":2""", "ends early")]
    [TestCase("{}/**/", "follows")]
    [TestCase("/**/{}", "strict")]
    [TestCase("{/**/}", "strict")]
    [TestCase("{'a':1}", "strict")]
    [TestCase("{a:1}", "strict")]
    [TestCase("""{"a":'b'}""", "strict")]
    [TestCase("""{"a":NaN}""", "strict")]
    [TestCase("""{"a":undefined}""", "strict")]
    [TestCase("""{"a":[1,,2]}""", "strict")]
    [TestCase("""{"a":new Date()}""", "strict")]
    public void What_is_no_whole_strict_document_is_refused(string json, string reason) => AssertRefused(
        json,
        reader =>
        {
            JsonRead.Skip(reader);
            return true;
        },
        reason);

    [TestCase("{}{}")]
    [TestCase("{} 1")]
    [TestCase("{}//")]
    [TestCase("""{"a" """)]
    [TestCase("""{"a":}""")]
    [TestCase("""{"a":01x}""")]
    [TestCase("]")]
    [TestCase("<html>")]
    public void What_the_token_reader_refuses_stays_refused(string json) => Assert.That(
        () => Read(json, reader =>
        {
            JsonRead.Skip(reader);
            return true;
        }),
        Throws.TypeOf<JsonReaderException>());

    [Test]
    public void Members_are_told_by_name_and_end_with_null() =>
        Assert.That(
            Read("""{"status":1,"":{"x":[]},"привет":null}""", reader =>
            {
                var names = new List<string?>();
                do
                {
                    names.Add(JsonRead.NextMember(reader));
                    if (names[^1] is not null)
                    {
                        JsonRead.Skip(reader);
                    }
                }
                while (names[^1] is not null);
                return names;
            }),
            Is.EqualTo(["status", "", "привет", null]));

    [Test]
    public void A_refusal_quotes_nothing_of_the_text() => Assert.That(
        () => Read("\"a private text\"", reader => JsonRead.Int64(reader, "m")),
        Throws.TypeOf<UnreadableException>().With.Message.Not.Contains("private"));

    private static T Read<T>(string json, Func<JsonTextReader, T> read) => JsonRead.Document(new StringReader(json), read);

    private static void AssertRefused<T>(string json, Func<JsonTextReader, T> read, string reason) =>
        Assert.That(() => Read(json, read), Throws.TypeOf<UnreadableException>().With.Message.Contains(reason));
}
