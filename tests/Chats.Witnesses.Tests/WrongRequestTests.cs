namespace YandexMarket.Chats.Witnesses.Tests;

/// <summary>
/// Requests that the client never makes, made by hand: the contract and the emulator forbid the same ones, and the emulator's error responses
/// match the contract. And responses that the contract does not know: Prism finds them.
/// </summary>
[Slow]
internal sealed class WrongRequestTests
{
    private const string Chat = "businesses/{0}/chats/message";
    private const string Text = """{"message":"text"}""";

    /// <summary>The operation; the address, where {0} is the business and {1} the question; the body; where Prism has to find a violation.</summary>
    private static readonly (ChatsOperation Operation, string Address, string? Json, string Location)[] _requests =
    [
        (ChatsOperations.GetChatMessage, Chat + "?messageId={1}", null, "request.query"),
        (ChatsOperations.GetChatMessage, Chat + "?chatId=&messageId={1}", null, "request.query"),
        (ChatsOperations.GetChatMessage, Chat + "?chatId=0&messageId={1}", null, "request.query.chatid"),
        (ChatsOperations.GetChatMessage, Chat + "?chatId=-2&messageId={1}", null, "request.query.chatid"),
        (ChatsOperations.GetChatMessage, Chat + "?chatId=two&messageId={1}", null, "request.query.chatid"),
        (ChatsOperations.GetChatMessage, Chat + "?chatId=2.5&messageId={1}", null, "request.query.chatid"),
        (ChatsOperations.GetChatMessage, Chat + "?chatId=2", null, "request.query"),
        (ChatsOperations.GetChatMessage, Chat + "?chatId=2&messageId=0", null, "request.query.messageid"),
        (ChatsOperations.GetChatMessage, Chat + "?chatId=2&messageId=first", null, "request.query.messageid"),
        (ChatsOperations.GetChatMessage, "businesses/0/chats/message?chatId=2&messageId={1}", null, "request.path.businessid"),
        (ChatsOperations.GetChatMessage, "businesses/mine/chats/message?chatId=2&messageId={1}", null, "request.path.businessid"),
        (ChatsOperations.SendMessageToChat, Chat, Text, "request.query"),
        (ChatsOperations.SendMessageToChat, Chat + "?chatId=0", Text, "request.query.chatid"),
        (ChatsOperations.SendMessageToChat, Chat + "?chatId=2", null, "request"),
        (ChatsOperations.SendMessageToChat, Chat + "?chatId=2", "{}", "request.body"),
        (ChatsOperations.SendMessageToChat, Chat + "?chatId=2", """{"message":null}""", "request.body.message"),
        (ChatsOperations.SendMessageToChat, Chat + "?chatId=2", """{"message":1}""", "request.body.message"),
        (ChatsOperations.SendMessageToChat, Chat + "?chatId=2", """{"message":{"text":"nested, as others have it"}}""", "request.body.message"),
        (ChatsOperations.SendMessageToChat, Chat + "?chatId=2", """{"message":""}""", "request.body.message"),
        (ChatsOperations.SendMessageToChat, Chat + "?chatId=2", $$"""{"message":"{{new string('x', 4097)}}"}""", "request.body.message"),
        (ChatsOperations.SendMessageToChat, Chat + "?chatId=2", """[{"message":"text"}]""", "request.body"),
    ];

    private Conversation _conversation = null!;

    private static IEnumerable<TestCaseData> Requests =>
    [
        .. _requests.Select(it => new TestCaseData(it.Operation, it.Address, it.Json, it.Location, Witness.TalkingKey)
            .SetArgDisplayNames($"{it.Operation.Id}, {it.Address}, {(it.Json?.Length > 60 ? $"{it.Json.Length} bytes" : it.Json)}")),
        new TestCaseData(ChatsOperations.GetChatMessage, Chat + "?chatId=2&messageId=1", null, "request", null).SetArgDisplayNames("getChatMessage, without a key"),
        new TestCaseData(ChatsOperations.SendMessageToChat, Chat + "?chatId=2", Text, "request", null).SetArgDisplayNames("sendMessageToChat, without a key"),
    ];

    [SetUp]
    public void Begin() => _conversation = new Conversation();

    [TearDown]
    public void End() => _conversation.Dispose();

    [TestCaseSource(nameof(Requests))]
    public async Task A_request_that_the_contract_forbids_is_rejected(
        ChatsOperation operation, string address, string? json, string location, string? key)
    {
        var whole = string.Format(CultureInfo.InvariantCulture, address, _conversation.Business.Id, _conversation.Question);
        var call = await _conversation.RawAsync(operation.Method, whole, key, json);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.Status, Is.EqualTo(key is null ? 401 : 400));
            Assert.That(call.Violations.Select(violation => violation.Location), Has.Member(location).And.All.StartsWith("request"), "The refusal is as the contract says.");
            Assert.That(Witness.Emulator.Requests.Select(one => (one.TraceParent, one.Status)), Has.Member((call.TraceParent, (int?)call.Status)));
            Assert.That(_conversation.Chat.Messages, Has.Count.EqualTo(1), "Nothing was taken.");
        }
    }

    /// <summary>JSON Schema counts characters, .NET and the emulator count UTF-16 units; the client allows what passes both.</summary>
    [Test]
    public async Task A_text_that_is_too_long_only_in_UTF_16_units_is_rejected_only_by_the_emulator()
    {
        var text = string.Concat(Enumerable.Repeat("\U0001F600", 4096));

        var call = await _conversation.RawAsync(
            HttpMethod.Post, $"businesses/{_conversation.Business.Id}/chats/message?chatId=2", Witness.TalkingKey, $$"""{"message":"{{text}}"}""");

        Assert.That((call.Status, call.Violations.Count), Is.EqualTo((400, 0)));
    }

    [Test]
    public async Task An_HTML_page_and_an_unknown_status_which_is_only_a_warning_are_found([Values] bool isRead, [Values] bool isPage)
    {
        Witness.Emulator.Faults.Next(isPage ? ChatsFault.HtmlPage : ChatsFault.ServiceUnavailable);

        await Assert.CatchAsync<ChatsException>(
            () => _conversation.CallAsync(isRead ? ChatsOperations.GetChatMessage : ChatsOperations.SendMessageToChat));

        Assert.That(_conversation.Watch.Violations, Has.Some.Matches<Violation>(one => one!.Location == "response"
            && one.Message.Contains(isPage ? "media type \"text/html" : "Unable to match the returned status code", StringComparison.Ordinal)));
    }

    [Test]
    public void Every_response_of_the_contract_was_provoked_through_the_proxy()
    {
        var provoked = ProxyTests.Statuses.Select(one => ((ChatsOperation)one.Arguments[0]!, (int)one.Arguments[1]!))
            .Concat(_requests.Select(one => (one.Operation, 400)));

        // RealContractTests compare these statuses with the contract.
        Assert.That(
            provoked.Distinct(),
            Is.EquivalentTo(ChatsOperations.All.SelectMany(_ => new[] { 200, 400, 401, 403, 404, 420, 500 }, (operation, status) => (operation, status))));
    }
}
