using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Broken;

internal static class OfBodies
{
    private const string Body = "      requestBody:\n        required: true\n        content:\n          application/json:\n";
    private const string Schema = "            schema:\n              $ref: '#/components/schemas/SendMessageToChatRequest'\n";

    public static IEnumerable<TestCaseData> All =>
    [
        new BrokenContract(
            "A form",
            c => c.With(Body, Body.Replace("application/json", "application/x-www-form-urlencoded")),
            "the body of sendMessageToChat: the content type application/x-www-form-urlencoded is not known"),
        new BrokenContract(
            "A file",
            c => c.With(Body, Body.Replace("application/json", "multipart/form-data")),
            "the content type multipart/form-data is not known"),
        new BrokenContract(
            "A second content type",
            c => c.With(Body, Body.Replace("          application/json:\n", "          application/xml: {schema: {$ref: '#/components/schemas/SendMessageToChatRequest'}}\n          application/json:\n")),
            "the body of sendMessageToChat: it must have one content type; it has 2"),
        new BrokenContract(
            "A body that may be absent",
            c => c.With(Body, Body.Replace("        required: true\n", "")),
            "the body of sendMessageToChat: it must be required"),
        new BrokenContract(
            "A schema without a name",
            c => c.With(Schema, "            schema: {type: object, required: [message], properties: {message: {type: string}}}\n"),
            "the body of sendMessageToChat: its schema must be a reference"),
        new BrokenContract("No schema", c => c.With(Schema, ""), "the body of sendMessageToChat: its schema must be a reference"),
        new BrokenContract(
            "A misspelt schema",
            c => c.With(Schema, Schema.Replace("schema:", "shema:")),
            "the body of sendMessageToChat: its schema must be a reference"),
        new BrokenContract(
            "A body for a read",
            c => c.With("        - $ref: '#/components/parameters/messageId'\n", "        - $ref: '#/components/parameters/messageId'\n" + Body + Schema),
            "operation getChatMessage: a body is not known for get"),
        new BrokenContract(
            "An optional member",
            c => c.With("      required: [message]\n", ""),
            "its member message must be required and not nullable"),
        new BrokenContract(
            "A nullable member",
            c => c.WithBodyMember("x", "{type: string, nullable: true}"),
            "its member x must be required and not nullable"),
        new BrokenContract(
            "A date",
            c => c.WithBodyMember("x", "{type: string, format: date-time}"),
            "its member x must be a string or an integer"),
        new BrokenContract(
            "An enum",
            c => c.WithBodyMember("x", "{$ref: '#/components/schemas/ChatMessageSender'}"),
            "its member x must be a string or an integer"),
        new BrokenContract(
            "An object",
            c => c.WithBodyMember("x", "{$ref: '#/components/schemas/ChatMessagePayload'}"),
            "its member x must be a string or an integer"),
        new BrokenContract(
            "An array",
            c => c.WithBodyMember("x", "{type: array, items: {$ref: '#/components/schemas/ChatMessagePayload'}}"),
            "its member x must be a string or an integer"),
        new BrokenContract(
            "A member with the name of a parameter",
            c => c.WithBodyMember("chatId", "{type: integer, format: int64}"),
            "the name 'chatId' is taken"),
        new BrokenContract(
            "A member whose name is a keyword",
            c => c.WithBodyMember("event", "{type: string}"),
            "the name 'event' is taken"),
        new BrokenContract(
            "A bound beyond 64 bits",
            c => c.WithBodyMember("x", "{type: integer, format: int64, maximum: 99999999999999999999}"),
            "whole numbers of 64 bits"),
        new BrokenContract(
            "An exclusive bound",
            c => c.WithBodyMember("x", "{type: integer, format: int64, maximum: 5, exclusiveMaximum: true}"),
            "only minimum and maximum are known"),
        new BrokenContract(
            "A misspelt bound",
            c => c.With("          maxLength: 4096\n", "          maxLenght: 4096\n"),
            "schema SendMessageToChatRequest, property message: the keyword 'maxLenght' is not known"),
        new BrokenContract(
            "A bound that is no number",
            c => c.With("          maxLength: 4096\n", "          maxLength: long\n"),
            "Could not convert"),
        new BrokenContract(
            "A pattern",
            c => c.With("          maxLength: 4096\n", "          pattern: '^a'\n"),
            "only minLength and maxLength are known"),
        new BrokenContract(
            "A body that extends another schema",
            c => c.With(Schema, "            schema:\n              $ref: '#/components/schemas/LongRequest'\n").WithSchema("LongRequest", "{x-internal: true, allOf: [{$ref: '#/components/schemas/SendMessageToChatRequest'}, {type: object, required: [x], properties: {x: {type: string}}}]}"),
            "the body of sendMessageToChat: allOf is not known"),
    ];
}
