namespace YandexMarket.Chats.Contract.Tests;

/// <summary>What the templates would generate wrongly stops the build, with a message that names the place.</summary>
[Slow]
internal sealed class BrokenContractTests
{
    private const string Url = "  - url: https://api.partner.market.yandex.ru/v2";
    private const string Sent = "        '200':\n          description: The message was sent.\n";
    private const string Result = "            result:\n              $ref: '#/components/schemas/ChatMessage'\n";
    private const string Form = "      requestBody:\n        required: true\n        content:\n          application/json:\n";
    private const string TwoSchemas = "[{$ref: '#/components/schemas/ApiError'}, {$ref: '#/components/schemas/ChatMessagePayload'}]";
    private const string Keyword = ": unknown keyword 'x-new'";
    private const string ParameterWords = "parameter page of getChatMessage: only required path and query parameters of the types int32 and int64, with a minimum";
    private const string MemberWords = "the body of sendMessageToChat: its member x must be a required string with minLength and maxLength";
    private const string BoundWords = ": the templates support only minimum, maximum, minLength and maxLength";
    private const string ContentWords = ": it must have one content type, application/json, whose schema is a reference";
    private const string PropertyWords = "schema ChatMessagePayload, property x: only references, strings";
    private const string SchemaWords = "schema Extra: the templates support only plain objects";

    private static IEnumerable<TestCaseData> Broken =>
    [
        Case("invalid YAML", c => c.With("paths:", "paths"), "While scanning"),
        Case("a reference to nothing", c => c.WithProperty("x", "{$ref: '#/components/schemas/Nothing'}"), "Could not resolve the path '#/components/schemas/Nothing'"),
        Case("a bound that is not a number", c => c.With("          maxLength: 4096\n", "          maxLength: long\n"), "Could not convert"),
        Case("OpenAPI 3.1", c => c.With("openapi: 3.0.3", "openapi: 3.1.0"), "must be OpenAPI 3.0.3"),
        Case("Swagger 2", c => c.With("openapi: 3.0.3", "swagger: '2.0'"), "must be OpenAPI 3.0.3"),
        Case("a key in the query", c => c.With("      in: header\n", "      in: query\n"), "security scheme ApiKey: the templates support only a key in a header"),
        Case("a server without TLS", c => c.With(Url, Url.Replace("https:", "http:")), "servers: the first one must be a plain https address"),
        Case("a server with a trailing slash", c => c.With(Url, Url + "/"), "servers: the first one must be a plain https address"),
        Case("a quota that is not a number", c => c.WithQuota("      x-quota-per-hour: many\n"), "operation sendMessageToChat: x-quota-per-hour"),
        Case("no quota", c => c.WithQuota(""), "operation sendMessageToChat: x-quota-per-hour"),

        Case("an unknown keyword of the document", c => c.WithBefore("x-scopes:", "x-new: 1\n"), "the contract" + Keyword),
        Case("an unknown keyword of an operation", c => c.WithAfter("      operationId: sendMessageToChat\n", "      x-new: 1\n"), "operation sendMessageToChat" + Keyword),
        Case("an operation with its own server", c => c.WithAfter("      operationId: sendMessageToChat\n", "      servers: [{url: 'https://other.example/v9'}]\n"), "operation sendMessageToChat: servers and security are supported only for the whole contract"),
        Case("an operation without a key", c => c.WithAfter("      operationId: sendMessageToChat\n", "      security: []\n"), "operation sendMessageToChat: servers and security are supported only for the whole contract"),
        Case("a misspelled bound", c => c.With("          maxLength: 4096\n", "          maxLenght: 4096\n"), "schema SendMessageToChatRequest, property message: unknown keyword 'maxLenght'"),
        Case("a misspelled required", c => c.With("      required: [messageId, createdAt, sender]\n", "      requird: [messageId, createdAt, sender]\n"), "schema ChatMessage: unknown keyword 'requird'"),

        Parameter("in a header", "in: header, required: true, schema: {type: integer, format: int64, minimum: 1}", ParameterWords),
        Parameter("that is optional", "in: query, schema: {type: integer, format: int64, minimum: 1}", ParameterWords),
        Parameter("that is a string", "in: query, required: true, schema: {type: string, minimum: 1}", ParameterWords),
        Parameter("without a minimum", "in: query, required: true, schema: {type: integer, format: int64}", ParameterWords),
        Parameter("that may be null", "in: query, required: true, schema: {type: integer, format: int64, minimum: 1, nullable: true}", ParameterWords),
        Parameter("with an exclusive bound", "in: query, required: true, schema: {type: integer, format: int64, minimum: 1, maximum: 5, exclusiveMaximum: true}", "parameter page of getChatMessage" + BoundWords),

        Case("a form", c => c.With(Form, Form.Replace("application/json", "multipart/form-data")), "the body of sendMessageToChat" + ContentWords),
        Case("an optional body", c => c.With(Form, Form.Replace("        required: true\n", "")), "the body of sendMessageToChat: it must be required"),
        Case("an optional member of a body", c => c.With("      required: [message]\n", ""), "its member message must be a required string with minLength and maxLength"),
        Case("a nullable member of a body", c => c.WithBodyMember("x", "{type: string, minLength: 1, maxLength: 9, nullable: true}"), MemberWords),
        Case("a text in a body without a greatest length", c => c.WithBodyMember("x", "{type: string, minLength: 1}"), MemberWords),
        Case("a number in a body", c => c.WithBodyMember("x", "{type: integer, minLength: 1, maxLength: 9}"), MemberWords),
        Case("a date in a body", c => c.WithBodyMember("x", "{type: string, format: date-time, minLength: 1, maxLength: 30}"), MemberWords),
        Case("an enum in a body", c => c.WithBodyMember("x", "{$ref: '#/components/schemas/ChatMessageSender'}"), MemberWords),
        Case("an object in a body", c => c.WithBodyMember("x", "{$ref: '#/components/schemas/ChatMessagePayload'}"), MemberWords),
        Case("a pattern", c => c.WithAfter("          maxLength: 4096\n", "          pattern: '^a'\n"), "the body of sendMessageToChat" + BoundWords),

        Case("an error with its own schema", c => c.With("          schema:\n            $ref: '#/components/schemas/ErrorResponse'\n", "          schema:\n            $ref: '#/components/schemas/ApiResponse'\n"), "the response 400 of getChatMessage: every response but 200 must be an ErrorResponse"),
        Case("a response without content", c => c.With(Sent, Sent.Replace("200", "204")).With("          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ApiResponse'\n", "          x-open-enum:\n            application/json:\n              schema: {}\n"), "the response 204 of sendMessageToChat" + ContentWords),
        Case("a second content type", c => c.WithAfter("          description: The message was sent.\n          content:\n", "            text/plain: {schema: {type: string}}\n"), "the response 200 of sendMessageToChat" + ContentWords),
        Case("a response that is not an ApiResponse", c => c.With("              schema:\n                $ref: '#/components/schemas/ApiResponse'\n", "              schema: {$ref: '#/components/schemas/ChatMessage'}\n"), "the response 200 of sendMessageToChat: it must be an ApiResponse"),
        Case("a second result", c => c.With(Result, Result + "            more:\n              $ref: '#/components/schemas/ChatMessage'\n"), "its member more would be lost"),
        Case("a result that is an array", c => c.With(Result, "            result: {type: array, items: {$ref: '#/components/schemas/ChatMessage'}}\n"), "its `result` must be a reference to a named object"),
        Case("another status of success", c => c.With(Sent, Sent.Replace("200", "2XX")), "operation sendMessageToChat: it must have a response 200"),
        Case("a second status of success", c => c.With(Sent, "        '202':\n          description: Later.\n          content: {application/json: {schema: {$ref: '#/components/schemas/ApiResponse'}}}\n" + Sent), "the response 202 of sendMessageToChat: every response but 200 must be an ErrorResponse"),

        Property("a non-integer number", "{type: number}"),
        Property("a boolean", "{type: boolean}"),
        Property("a misspelled type", "{type: integr, format: int64}"),
        Property("an integer without a format", "{type: integer}"),
        Property("an integer of 32 bits", "{type: integer, format: int32}"),
        Property("a date without a time", "{type: string, format: date}"),
        Property("an array of strings", "{type: array, items: {type: string}}"),
        Property("an array of enums", "{type: array, items: {$ref: '#/components/schemas/ChatMessageSender'}}"),
        Property("a dictionary", "{type: object, additionalProperties: {type: string}}"),
        Property("one of two", $"{{oneOf: {TwoSchemas}}}"),
        Property("all of two", $"{{allOf: {TwoSchemas}}}"),
        Property("an inline enum", "{type: string, enum: [a, b]}"),
        Property("an inline object", "{type: object, properties: {a: {type: string}}}"),

        Schema("a named dictionary", "{type: object, additionalProperties: {type: string}}", SchemaWords),
        Schema("a named choice", $"{{oneOf: {TwoSchemas}}}", SchemaWords),
        Schema("a named string", "{type: string}", SchemaWords),
        Schema("a public extension", "{allOf: [{$ref: '#/components/schemas/ApiError'}, {type: object, properties: {a: {type: string}}}]}", SchemaWords),
        Schema("an enum of numbers", "{type: integer, enum: [1, 2]}", SchemaWords),
        Schema("an enum without names", "{type: string, enum: [a, b]}", "schema Extra: x-enumNames must name every value"),

        Case("a lenient object", c => c.WithProperty("x", "{allOf: [{$ref: '#/components/schemas/ApiError'}], nullable: true, x-lenient: true}"),
            "property x: x-lenient is not supported for an object"),
        Case("optional digits", c => c.WithProperty("x", "{type: string, x-digits: true}"), "property x: x-digits belongs to a required string"),
        Webhook("a misspelled required", "      required: [time]\n", "      requird: [time]\n", "notifications.yaml: schema PingNotification: unknown keyword 'requird'"),
        Webhook("a non-integer number", "          type: string\n          x-digits: true\n", "          type: number\n", "property messageId: only references, strings"),
        Webhook("digits that are a number", "          type: string\n          x-digits: true\n", "          type: integer\n          format: int64\n          x-digits: true\n", "property messageId: x-digits belongs to a required string"),
    ];

    [TestCaseSource(nameof(Broken))]
    public void A_contract_that_the_templates_do_not_support_stops_the_build(Func<ChangedContract, ChangedContract> change, string words) =>
        Assert.That(change(ChangedContract.Unchanged).Complaints, Has.Some.Contains(words));

    [Test]
    public void Every_error_of_the_templates_is_raised_by_one_of_these_contracts()
    {
        var raised = string.Join(
            '\n', Broken.SelectMany(data => ((Func<ChangedContract, ChangedContract>)data.Arguments[0]!)(ChangedContract.Unchanged).Complaints));

        var never = Directory.EnumerateFiles(Repository.PathOf("build/templates"))
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("#error ", StringComparison.Ordinal))
            .Where(line => !Regex.IsMatch(raised, Regex.Replace(Regex.Escape(line["#error ".Length..]), @"\\\{\\\{.+?}}", ".*")));

        Assert.That(never, Is.Empty);
    }

    private static TestCaseData Parameter(string what, string parameter, string words) =>
        Case("a parameter " + what, c => c.WithParameter("name: page, " + parameter), words);

    private static TestCaseData Property(string what, string schema) => Case(what, c => c.WithProperty("x", schema), PropertyWords);

    private static TestCaseData Schema(string what, string schema, string words) => Case(what, c => c.WithSchema("Extra", schema), words);

    private static TestCaseData Webhook(string what, string find, string replacement, string words) =>
        Case("of the webhook, " + what, _ => ChangedContract.Notifications.With(find, replacement), words);

    private static TestCaseData Case(string name, Func<ChangedContract, ChangedContract> change, string words) =>
        new TestCaseData(change, words).SetArgDisplayNames(name);
}
