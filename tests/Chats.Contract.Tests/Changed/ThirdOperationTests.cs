using System.Reflection;
using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Changed;

/// <summary>An operation that is added to the contract is there, whole, with no line of C#.</summary>
internal sealed class ThirdOperationTests
{
    // The shape is invented: an object inside, a list, an open enum, an optional date.
    private const string Path = """
          /businesses/{businessId}/chats/{chatId}:
            get:
              operationId: getChat
              tags: [chats]
              summary: Reads a chat.
              description: With the last of its messages.
              x-auth-scopes: [communication]
              x-resource-limit-config: {requests: 42, period: HOUR}
              parameters:
                - $ref: '#/components/parameters/businessId'
                - {name: chatId, in: path, required: true, description: The id., schema: {type: integer, format: int64, minimum: 1}}
                - {name: limit, in: query, required: true, description: How many., schema: {type: integer, format: int32, minimum: 1, maximum: 50}}
              responses:
                '200':
                  description: The chat.
                  content: {application/json: {schema: {$ref: '#/components/schemas/GetChatResponse'}}}
                '404':
                  $ref: '#/components/responses/NotFound'
        components:

        """;

    private const string Schemas = """
            GetChatResponse:
              x-internal: true
              description: The answer to getChat.
              allOf:
                - $ref: '#/components/schemas/ApiResponse'
                - {type: object, properties: {result: {$ref: '#/components/schemas/Chat'}}}
            Chat:
              type: object
              description: A chat.
              required: [chatId, buyer, messages]
              properties:
                chatId: {type: integer, format: int64}
                buyer: {$ref: '#/components/schemas/Buyer'}
                messages: {type: array, items: {$ref: '#/components/schemas/ChatMessage'}}
                closedAt: {type: string, format: date-time, nullable: true}
            Buyer:
              type: object
              description: A buyer.
              required: [name]
              properties:
                name: {type: string}
                kind: {$ref: '#/components/schemas/ChatMessageSender'}
        
        """;

    private static readonly Lazy<CompiledClient> _compiled = new(() =>
        ChangedContract.Unchanged.With("components:\n  securitySchemes:", Path + "  securitySchemes:").WithBefore("    ApiError:\n      type: object\n", Schemas).Compile());

    [Test]
    public async Task It_works()
    {
        var client = _compiled.Value.Connect("""
            {"status":"OK","result":{"closedAt":null,"chatId":9,"buyer":{"kind":"CUSTOMER","name":"B"},"messages":[
              {"messageId":1,"createdAt":"2020-01-02T03:04:05Z","sender":"PARTNER","message":"one"},
              {"messageId":2,"createdAt":"2020-01-02T03:04:06Z","sender":"NEW","payload":[{"name":"n","url":"u","size":1}]}]}}
            """);

        var chat = await client.Client.GetChatAsync(1L, 9L, 50);

        Assert.That(client.Requests.Single().Line, Is.EqualTo("GET https://api.partner.market.yandex.ru/v2/businesses/1/chats/9?limit=50"));
        Assert.That(
            ((long)chat.ChatId, (string)chat.Buyer.Name, ((object)chat.Buyer.Kind).ToString(), (string)chat.Messages[0].Message, (string)chat.Messages[1].Payload[0].Url),
            Is.EqualTo((9L, "B", "Customer", "one", "u")));
        Assert.That((DateTimeOffset?)chat.ClosedAt, Is.Null);
    }

    [Test]
    public void It_checks_its_arguments_and_its_scopes_before_any_request()
    {
        var client = _compiled.Value.Connect(Answers.Ok, grantedScopes: ["all-methods"]);

        Assert.That(
            async Task () => await client.Client.GetChatAsync(1L, 9L, 51),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("limit"));
        Assert.That(
            async Task () => await client.Client.GetChatAsync(1L, 9L, 50),
            Throws.InstanceOf(_compiled.Value.Type("ChatsScopeException")));
        Assert.That(client.Requests, Is.Empty);
    }

    [Test]
    public void It_says_which_part_of_an_answer_is_wrong()
    {
        var client = _compiled.Value.Connect("""{"status":"OK","result":{"chatId":9,"buyer":{},"messages":[]}}""");

        Assert.That(
            async Task () => await client.Client.GetChatAsync(1L, 9L, 50),
            Throws.InstanceOf(_compiled.Value.Type("ChatsResponseException")).With.Message.Contains("Buyer.name is missing"));
    }

    [Test]
    public void It_is_in_the_interface_the_table_and_the_documentation()
    {
        var compiled = _compiled.Value;
        var operation = compiled.Operation("GetChat");

        Assert.That(
            compiled.Type("IChatsClient").GetMethod("GetChatAsync")!.GetCustomAttribute(compiled.Type("RequiredScopesAttribute")),
            Is.Not.Null);
        Assert.That(
            ((string)operation.Id, (string)operation.Path, (int)operation.QuotaPerHour, (bool)operation.IsRead),
            Is.EqualTo(("getChat", "/businesses/{businessId}/chats/{chatId}", 42, true)));
        Assert.That(
            ((System.Collections.ICollection)compiled.Type("ChatsOperations").GetProperty("All")!.GetValue(null)!).Count,
            Is.EqualTo(3));
        Assert.That(
            compiled.DocumentationOf("GetChatAsync"),
            Does.Contain("Reads a chat.").And.Contain("<c>communication</c>. Quota: 42 requests an hour").And.Contain("At least 1. At most 50."));
    }
}
