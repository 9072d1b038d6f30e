using System.Globalization;
using YamlDotNet.RepresentationModel;
using YandexMarket.Chats.Witnesses.Tests.Contract;

namespace YandexMarket.Chats.Witnesses.Tests.PrismMock;

/// <summary>The client reads every example that the contract holds, of results and of errors, as Prism serves it.</summary>
[Slow]
internal sealed class ExampleTests
{
    private static IEnumerable<TestCaseData> Results => Cases(one => one.Status == 200);

    private static IEnumerable<TestCaseData> Errors => Cases(one => one.Status != 200);

    [Test]
    public void The_contract_has_an_example_of_every_answer() => Assert.That(
        ContractAnswer.All.Select(one => $"{one.Operation} {one.Status}"),
        Is.EquivalentTo(
            from operation in new[] { "getChatMessage", "sendMessageToChat" }
            from status in new[] { 200, 400, 401, 403, 404, 420, 500 }
            select $"{operation} {status}"));

    [TestCaseSource(nameof(Results))]
    public async Task A_result_is_read(object example)
    {
        var one = (ContractAnswer)example;
        using var client = new MockedClient();

        var (result, failure, _) = await client.CallAsync(one.Operation, $"code={one.Status}, example={one.Example}");

        Assert.That(failure, Is.Null);
        if (one.Operation.IsRead)
        {
            AssertIs(result!, one.Value["result"]);
        }
    }

    [TestCaseSource(nameof(Errors))]
    public async Task An_error_is_told(object example)
    {
        var one = (ContractAnswer)example;
        using var client = new MockedClient();

        var (_, failure, _) = await client.CallAsync(one.Operation, $"code={one.Status}, example={one.Example}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure, one.Status == 420 ? Is.TypeOf<ChatsRateLimitException>() : Is.TypeOf<ChatsApiException>());
            Assert.That(((ChatsApiException)failure!).StatusCode, Is.EqualTo(one.Status));
            Assert.That(failure.Operation, Is.EqualTo(one.Operation));
            Assert.That(failure.MayHaveBeenSent, Is.EqualTo(one.Status == 500 && !one.Operation.IsRead));
            Assert.That(
                ((ChatsApiException)failure).Errors.Select(error => (error.Code, error.Message)),
                Is.EqualTo(((YamlSequenceNode)one.Value["errors"]).Select(error => (Text(error["code"]), Text(error["message"])))));
        }
    }

    private static void AssertIs(ChatMessage result, YamlNode example)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Invariant(result.MessageId), Is.EqualTo(Text(example["messageId"])));
            Assert.That(Invariant(result.CreatedAt, "yyyy-MM-ddTHH:mm:sszzz"), Is.EqualTo(Text(example["createdAt"])));
            Assert.That(result.Sender.ToString().ToUpperInvariant(), Is.EqualTo(Text(example["sender"])));
            Assert.That(result.Message, Is.EqualTo(Text(example["message"])));
            Assert.That(
                result.Payload!.Select(file => (file.Name, file.Url, Invariant(file.Size))),
                Is.EqualTo(
                    from file in (YamlSequenceNode)example["payload"]
                    select (Text(file["name"]), Text(file["url"]), Text(file["size"]))));
        }
    }

    private static string Invariant(IFormattable value, string? format = null) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static IEnumerable<TestCaseData> Cases(Func<ContractAnswer, bool> wanted) =>
        ContractAnswer.All.Where(wanted).Select(one => new TestCaseData(one).SetArgDisplayNames($"{one}"));
}
