namespace YandexMarket.Chats.Contract.Tests.Building;

/// <summary>The comparison of our contracts with a copy of the vendor's files, with made-up ones in the vendor's layout: a file for each
/// part.</summary>
[Slow]
internal sealed class CompareFactsTests
{
    private const string Ours = """
        openapi: 3.0.3
        paths:
          /chats/{chatId}:
            get:
              operationId: getChat
              x-auth-scopes: [communication]
              x-quota-per-hour: 60
              parameters:
                - {name: chatId, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
              responses:
                '200': {content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/Status'}, {properties: {result: {$ref: '#/components/schemas/Chat'}}}]}}}}
          /notification:
            post:
              operationId: sendNotification
              requestBody: {content: {application/json: {schema: {anyOf: [{$ref: '#/components/schemas/ChatClosedNotification'}]}}}}
              responses: {'200': {}}
        components:
          schemas:
            Status: {type: object, properties: {status: {type: string, enum: [OK, ERROR]}}}
            Chat: {type: object, required: [id], properties: {id: {type: integer}, text: {type: string, maxLength: 9}, answers: {type: array, items: {$ref: '#/components/schemas/Chat'}}}}
            ChatClosedNotification: {required: [chatId], properties: {chatId: {type: integer}}}
        """;

    private static readonly (string Path, string Text)[] _vendor =
    [
        ("api/openapi/openapi.yaml", "openapi: 3.0.3\npaths:\n  /v2/chats/{chatId}: {$ref: paths/chat.yaml}\n  /v2/orders: {get: {operationId: getOrders}}\n"),
        ("api/openapi/paths/chat.yaml", """
            get:
              operationId: getChat
              summary: Чат
              x-auth-scopes: [communication]
              x-resource-limit-config:
                path: resp
                none: {amount: 1, period: minutes, period-duration: 1}
                medium: {amount: 60, period: hours, period-duration: 1}
              parameters: [{$ref: ../components/ChatId.yaml}]
              responses:
                '200': {content: {application/json: {schema: {$ref: ../components/Response.yaml}}}}
            """),
        ("api/openapi/components/ChatId.yaml", "{name: chatId, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}"),
        ("api/openapi/components/Response.yaml", "{type: object, properties: {status: {type: string, enum: [ERROR, OK]}, result: {$ref: ./Chat.yaml}}}"),
        ("api/openapi/components/Chat.yaml", "{type: object, required: [id], properties: {id: {type: integer}, text: {type: string, maxLength: 9}, answers: {type: array, items: {$ref: ./Chat.yaml}}}}"),
        ("hooks/openapi/openapi.yaml", """
            openapi: 3.0.3
            paths:
              /notification:
                post:
                  operationId: sendNotification
                  requestBody: {content: {application/json: {schema: {$ref: components/Request.yaml}}}}
                  responses: {'200': {}}
            """),
        ("hooks/openapi/components/Request.yaml", "{discriminator: {propertyName: notificationType, mapping: {ORDER_CREATED: ./Order.yaml, CHAT_CLOSED: ./Closed.yaml}}}"),
        ("hooks/openapi/components/Closed.yaml", "{type: object, required: [notificationType, chatId], properties: {notificationType: {type: string}, chatId: {type: integer}}}"),
    ];

    private static TestCaseData[] Changes =>
    [
        new("chat.yaml", "communication", "all-methods", new[] { "- getChat: scope communication", "+ getChat: scope all-methods" }),
        new("chat.yaml", "amount: 60", "amount: 120", new[] { "+ getChat: quota 120 an hour" }),
        new("Chat.yaml", "maxLength: 9", "maxLength: 10", new[] { "- getChat 200 application/json.result.text: maxLength 9", "+ getChat 200 application/json.result.text: maxLength 10" }),
        new("Request.yaml", "CHAT_CLOSED: ./Closed.yaml", "CHAT_CLOSED: ./Closed.yaml, CHAT_BORN: ./Closed.yaml", new[] { "+ notification CHAT_BORN", "+ notification CHAT_BORN.chatId", "+ notification CHAT_BORN.chatId: required", "+ notification CHAT_BORN.chatId: type integer" }),
    ];

    [Test]
    public void The_same_facts_in_a_different_layout_are_not_a_difference() => Assert.That(Compare().Output, Does.StartWith("0 differences, "));

    [TestCaseSource(nameof(Changes))]
    public void What_the_vendor_changed_is_listed(string file, string was, string isNow, string[] lines)
    {
        var run = Compare((file, was, isNow));

        Assert.That(run.ExitCode, Is.EqualTo(1), run.Output);
        Assert.That(
            run.Output.ReplaceLineEndings("\n").Split('\n').Where(line => line.StartsWith('-') || line.StartsWith('+')), Is.EquivalentTo(lines));
    }

    [Test]
    public void An_unreadable_folder_is_an_error_and_not_a_difference()
    {
        var run = Compare(("Request.yaml", "./Closed.yaml", "./Gone.yaml"));

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Output, Does.Contain("Gone.yaml: ENOENT: no such file"));
    }

    [Test]
    public void Our_contracts_do_not_differ_from_themselves()
    {
        var run = CommandLine.Run(Repository.Root, "node", ["build/compare-facts.js", "openapi"]);

        Assert.That(run.Output, Does.Match("^0 differences, [1-9][0-9][0-9] facts."));
        Assert.That(run.ExitCode, Is.Zero);
    }

    private static CommandLine Compare((string File, string Was, string IsNow)? change = null)
    {
        LintTests.RequireLinter();
        using var folder = new TemporaryFolder();
        folder.Write("ours/chats.yaml", Ours);
        foreach (var (path, text) in _vendor)
        {
            var changed = change is { } it && path.EndsWith(it.File, StringComparison.Ordinal) ? text.Replace(it.Was, it.IsNow, StringComparison.Ordinal) : text;
            folder.Write($"vendor/{path}", changed);
        }

        return CommandLine.Run(Repository.Root, "node", ["build/compare-facts.js", folder.PathOf("vendor"), folder.PathOf("ours")]);
    }
}
