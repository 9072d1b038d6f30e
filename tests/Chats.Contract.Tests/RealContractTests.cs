using Newtonsoft.Json;

namespace YandexMarket.Chats.Contract.Tests;

/// <summary>
/// The contract, the compiled client and the vendor's pages say the same. The figures stand here once more, by hand, so that nobody
/// changes them in the contract without a thought.
/// </summary>
internal sealed class RealContractTests
{
    private const string MessagePath = "/businesses/{businessId}/chats/message";

    private static ContractNode Contract => ContractNode.Real;

    private static IEnumerable<TestCaseData> Operations =>
    [
        new TestCaseData(ChatsOperations.GetChatMessage, "get", new[] { "communication", "all-methods", "all-methods:read-only" }),
        new TestCaseData(ChatsOperations.SendMessageToChat, "post", new[] { "communication", "all-methods" }),
    ];

    [TestCaseSource(nameof(Operations))]
    public void An_operation_matches_the_contract_and_the_vendors_pages(ChatsOperation operation, string method, string[] scopes)
    {
        var node = Contract["paths", MessagePath, method];
        var declared = typeof(IChatsClient).GetMethod(char.ToUpperInvariant(operation.Id[0]) + operation.Id[1..] + "Async")!;

        Assert.That(operation.Id, Is.EqualTo(node["operationId"].Text));
        Assert.That(operation.Method, Is.EqualTo(HttpMethod.Parse(method)));
        Assert.That(operation.Path, Is.EqualTo(MessagePath));
        Assert.That(node["x-auth-scopes"].Texts, Is.EqualTo(scopes));
        Assert.That(operation.RequiredScopes, Is.EqualTo(scopes));
        Assert.That(declared.GetCustomAttribute<RequiredScopesAttribute>()!.Scopes, Is.EqualTo(scopes));
        Assert.That((node["x-quota-per-hour"].Text, operation.QuotaPerHour), Is.EqualTo(("1000", 1000)));
        Assert.That(node["responses"].Names, Is.EqualTo(["200", "400", "401", "403", "404", "420", "500"]));
    }

    [Test]
    public void There_are_two_operations_and_three_scopes()
    {
        Assert.That(Contract["paths"].Names.Select(path => string.Join(',', Contract["paths", path].Names)), Is.EqualTo(["get,post"]));
        Assert.That(ChatsOperations.All, Is.EqualTo([ChatsOperations.GetChatMessage, ChatsOperations.SendMessageToChat]));
        Assert.That(
            typeof(ChatsScopes).GetFields().Select(field => field.GetValue(null)),
            Is.EqualTo(["communication", "all-methods", "all-methods:read-only"]));
        Assert.That(Contract["x-scopes"].Names, Is.EqualTo(["communication", "all-methods", "all-methods:read-only"]));
    }

    [Test]
    public void The_address_the_key_header_and_the_bounds_have_these_values()
    {
        var text = Contract["components", "schemas", "SendMessageToChatRequest", "properties", "message"];
        var ids = Contract["components", "parameters"];

        Assert.That(Contract["servers", 0, "url"].Text, Is.EqualTo("https://api.partner.market.yandex.ru/v2"));
        Assert.That(Contract["components", "securitySchemes", "ApiKey", "name"].Text, Is.EqualTo("Api-Key"));
        Assert.That((text["minLength"].Text, text["maxLength"].Text), Is.EqualTo(("1", "4096")));
        Assert.That(ids.Names.Select(name => $"{name}: {ids[name, "schema", "minimum"].Text}"), Is.EqualTo(["businessId: 1", "chatId: 1", "messageId: 1"]));
    }

    [TestCase(typeof(ChatMessage), "messageId!, createdAt!, sender!, message, payload")]
    [TestCase(typeof(ChatMessagePayload), "name!, url!, size!")]
    [TestCase(typeof(ApiError), "code!, message")]
    public void A_model_has_the_members_of_the_contract(Type model, string members)
    {
        var schema = Contract["components", "schemas", model.Name];
        var required = schema["required"].Texts.ToList();
        var inCode = model.GetProperties().Select(property => property.GetCustomAttribute<JsonPropertyAttribute>()!);

        Assert.That(
            string.Join(", ", schema["properties"].Names.Select(name => name + (required.Contains(name) ? "!" : ""))),
            Is.EqualTo(members));
        Assert.That(
            string.Join(", ", inCode.Select(json => json.PropertyName + (json.Required == Required.Always ? "!" : ""))),
            Is.EqualTo(members));
    }

    [Test]
    public void Senders_are_those_of_the_contract_and_Unknown()
    {
        var schema = Contract["components", "schemas", "ChatMessageSender"];

        Assert.That(schema["enum"].Texts, Is.EqualTo(["PARTNER", "CUSTOMER", "MARKET", "SUPPORT"]));
        Assert.That(Enum.GetNames<ChatMessageSender>(), Is.EqualTo(schema["x-enumNames"].Texts.Prepend("Unknown")));
        Assert.That((int)ChatMessageSender.Unknown, Is.Zero);
    }
}
