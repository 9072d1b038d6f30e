using System.Text;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Tests.Reading.Differential;

/// <summary>The generated readers against the serializer that they stand in for, on bodies that no one thought of.</summary>
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

    [Test]
    public void The_readers_give_what_Newtonsoft_gives_but_for_the_differences_that_are_meant()
    {
        var seed = Seeds.Seed;
        var random = new Random(seed);
        var mutator = new Mutator(random);
        var counts = Difference.All.ToDictionary(known => known, _ => 0);
        var (sameModels, sameRefusals, unexplained) = (0, 0, new List<string>());

        for (var i = 0; i < _bodies; i++)
        {
            var isRead = random.Next(3) > 0;
            var some = isRead ? _reads : _errors;
            var body = mutator.Mutate(some[random.Next(some.Length)]);
            var (ours, theirs) = isRead ? Both(body, GetChatMessageResponse.Read) : Both(body, ErrorResponse.Read);

            if (ours.IsGood == theirs.IsGood && ours.Text == theirs.Text && (ours.Model is null) == (theirs.Model is null))
            {
                _ = ours.IsGood ? sameModels++ : sameRefusals++;
            }
            else if (Difference.Explain(body, ours, theirs) is { } known)
            {
                counts[known]++;
            }
            else
            {
                unexplained.Add($"{Encoding.UTF8.GetString(body)}\n  ours:   {ours}\n  theirs: {theirs}");
            }
        }

        TestContext.Out.WriteLine($"Seed {seed} (CHATS_TEST_SEED sets another): {_bodies} bodies, {sameModels} the same model, {sameRefusals} refused by both.");
        foreach (var (known, count) in counts)
        {
            TestContext.Out.WriteLine($"{count,7}  {known}");
        }

        Assert.Multiple(() =>
        {
            Assert.That(unexplained, Is.Empty, $"seed {seed}: {unexplained.Count} differences that nobody meant; the first: {unexplained.FirstOrDefault()}");
            Assert.That(counts.Where(known => known.Value == 0).Select(known => known.Key), Is.Empty, "explained, but never seen");
            Assert.That((sameModels, sameRefusals), Is.GreaterThan((_bodies / 10, 0)).And.Matches<(int Models, int Refusals)>(same => same.Refusals > _bodies / 10));
        });
    }

    private static (Reading Ours, Reading Theirs) Both<T>(byte[] body, Func<JsonTextReader, T> read)
        where T : class =>
        (Reading.Ours(body, read), Reading.Theirs<T>(body));
}
