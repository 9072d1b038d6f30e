using System.Globalization;
using YandexMarket.Chats.Witnesses.Tests.Contract;
using YandexMarket.Chats.Witnesses.Tests.Prism;

namespace YandexMarket.Chats.Witnesses.Tests.PrismProxy;

/// <summary>
/// Not through the client, which lets none of these out: by hand. The contract and the emulator forbid the same requests, and the
/// emulator's refusals are themselves as the contract says.
/// </summary>
[Slow]
internal sealed class WrongRequestTests
{
    private Conversation _conversation = null!;

    private static IEnumerable<TestCaseData> Requests =>
        WrongRequest.All.Select(one => new TestCaseData(one).SetArgDisplayNames($"{one}"));

    [SetUp]
    public void Begin() => _conversation = new Conversation();

    [TearDown]
    public void End() => _conversation.Dispose();

    [TestCaseSource(nameof(Requests))]
    public async Task A_request_that_the_contract_forbids_is_refused(object request)
    {
        var wrong = (WrongRequest)request;
        var address = string.Format(CultureInfo.InvariantCulture, wrong.PathAndQuery, _conversation.Business.Id, _conversation.Question);

        var call = await _conversation.RawAsync(wrong.Operation.Method, address, Keys.Talks, wrong.Json);

        AssertRefused(call, 400, wrong.Location);
    }

    [Test]
    public async Task A_request_without_a_key_is_refused([Values] bool isRead)
    {
        var address = $"businesses/{_conversation.Business.Id}/chats/message?chatId=2{(isRead ? "&messageId=1" : "")}";

        var call = await _conversation.RawAsync(
            isRead ? HttpMethod.Get : HttpMethod.Post, address, key: null, isRead ? null : """{"message":"text"}""");

        AssertRefused(call, 401, "request");
    }

    /// <summary>JSON Schema counts characters, .NET and the emulator count UTF-16 units; the client allows what passes both.</summary>
    [Test]
    public async Task A_text_that_is_too_long_only_in_UTF16_is_refused_by_the_emulator_alone()
    {
        var text = string.Concat(Enumerable.Repeat("\U0001F600", 4096));

        var call = await _conversation.RawAsync(
            HttpMethod.Post, $"businesses/{_conversation.Business.Id}/chats/message?chatId=2", Keys.Talks, $$"""{"message":"{{text}}"}""");

        Assert.That((call.Status, call.Violations.Count), Is.EqualTo((400, 0)));
    }

    [Test]
    public void Every_answer_of_the_contract_was_provoked_through_the_proxy()
    {
        var provoked = Provocation.All.Select(one => (one.Operation.Id, one.Status))
            .Concat(WrongRequest.All.Select(one => (one.Operation.Id, 400)));

        Assert.That(provoked.Distinct(), Is.EquivalentTo(ContractAnswer.All.Select(one => (one.Operation.Id, one.Status)).Distinct()));
    }

    private void AssertRefused(WatchedCall call, int status, string location)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.Status, Is.EqualTo(status));
            Assert.That(call.Violations.Select(violation => violation.Location), Has.Member(location));
            Assert.That(call.Violations.Where(violation => !violation.IsOfRequest), Is.Empty, "The refusal is not as the contract says.");
            Assert.That(
                ProxyWitness.Emulator.Requests.Select(one => (one.TraceParent, one.Status)), Has.Member((call.TraceParent, (int?)status)));
            Assert.That(_conversation.Chat.Messages, Has.Count.EqualTo(1), "Nothing was taken.");
        }
    }
}
