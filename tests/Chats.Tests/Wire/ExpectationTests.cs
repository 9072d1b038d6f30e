namespace YandexMarket.Chats.Tests.Wire;

/// <summary>The judge of the wire cases must see what is wrong: a table that no row can fail proves nothing.</summary>
public sealed class ExpectationTests
{
    private static readonly ChatMessage _message = new()
    {
        MessageId = 5,
        CreatedAt = new(2025, 1, 16, 10, 9, 49, TimeSpan.FromHours(3)),
        Sender = ChatMessageSender.Customer,
        Message = "hello",
    };

    [TestCase("""{"exception":"ChatsApiException"}""")]
    [TestCase("""{"statusCode":200}""")]
    [TestCase("""{"message":{"messageId":6}}""")]
    [TestCase("""{"message":{"createdAt":"2025-01-16T10:09:49Z"}}""")]
    [TestCase("""{"message":{"createdAt":"2025-01-16T07:09:49Z"}}""", TestName = "The_same_moment_with_another_offset")]
    [TestCase("""{"message":{"sender":"Partner"}}""")]
    [TestCase("""{"message":{"message":null}}""")]
    [TestCase("""{"message":{"payload":[]}}""")]
    [TestCase("""{"message":{"mesage":"hello"}}""")]
    [TestCase("""{"surprise":1}""")]
    public void A_wrong_expectation_of_a_message_is_seen(string expect) =>
        Assert.That(Expectation.Violations(Case("getChatMessage", expect), _message), Is.Not.Empty);

    [TestCase("{}")]
    [TestCase("""{"exception":"ChatsException"}""", TestName = "The_base_type_is_not_the_exact_type")]
    [TestCase("""{"exception":"ChatsScopeException","mayHaveBeenSent":true}""")]
    [TestCase("""{"exception":"ChatsScopeException","requiredScopes":["communication"]}""")]
    [TestCase("""{"exception":"ChatsScopeException","messageMustNotContain":["sendMessageToChat"]}""")]
    [TestCase("""{"exception":"ChatsScopeException","messageMustContain":["nothing of the kind"]}""")]
    [TestCase("""{"exception":"ChatsScopeException","statusCode":403}""")]
    [TestCase("""{"exception":"ChatsScopeException","errors":[]}""")]
    [TestCase("""{"exception":"ChatsScopeException","limit":null}""")]
    public void A_wrong_expectation_of_an_exception_is_seen(string expect) =>
        Assert.That(
            Expectation.Violations(Case("sendMessageToChat", expect), new ChatsScopeException(ChatsOperations.SendMessageToChat)), Is.Not.Empty);

    [Test]
    public void An_exception_of_another_operation_is_seen() =>
        Assert.That(
            Expectation.Violations(
                Case("getChatMessage", """{"exception":"ChatsScopeException"}"""), new ChatsScopeException(ChatsOperations.SendMessageToChat)),
            Has.Count.EqualTo(1));

    [Test]
    public void A_right_expectation_has_no_violations() => Assert.Multiple(() =>
    {
        const string All = """{"message":{"messageId":5,"createdAt":"2025-01-16T10:09:49+03:00","sender":"Customer","message":"hello","payload":null}}""";
        Assert.That(Expectation.Violations(Case("getChatMessage", All), _message), Is.Empty);
        Assert.That(Expectation.Violations(Case("sendMessageToChat", "{}"), null), Is.Empty);
    });

    [Test]
    public void A_case_with_an_unknown_member_is_refused() =>
        Assert.That(
            () => WireCase.Of("""{"name":"n","operation":"getChatMessage","status":200,"expect":{},"expectt":{}}"""),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("expectt"));

    private static WireCase Case(string operation, string expect) =>
        WireCase.Of($$"""{"name":"n","operation":"{{operation}}","status":200,"expect":{{expect}}}""");
}
