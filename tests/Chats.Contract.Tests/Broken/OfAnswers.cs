using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Broken;

internal static class OfAnswers
{
    private const string Content = "          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ApiResponse'\n              examples:\n                sent:\n                  summary: Sent.\n                  value:\n                    status: OK\n";
    private const string Result = "            result:\n              $ref: '#/components/schemas/ChatMessage'\n";

    public static IEnumerable<TestCaseData> All =>
    [
        new BrokenContract(
            "No content",
            c => c.With(Content, ""),
            "the answer 200 of sendMessageToChat: it must have one content type; it has 0"),
        new BrokenContract(
            "204",
            c => c.With(Content, "").With("        '200':\n          description: The message was sent.\n", "        '204':\n          description: The message was sent.\n"),
            "the answer 204 of sendMessageToChat: it must have one content type; it has 0"),
        new BrokenContract(
            "A second content type",
            c => c.With(Content, Content + "            text/plain: {schema: {type: string}}\n"),
            "the answer 200 of sendMessageToChat: it must have one content type; it has 2"),
        new BrokenContract(
            "A header",
            c => c.WithInSendAnswer("headers: {X-A: {schema: {type: string}}}"),
            "the answer 200 of sendMessageToChat: headers are not known"),
        new BrokenContract(
            "A misspelt keyword",
            c => c.WithInSendAnswer("discription: x"),
            "the answer 200 of sendMessageToChat: the keyword 'discription' is not known"),
        new BrokenContract(
            "A misspelt keyword of a shared answer",
            c => c.With("      content: &errorContent", "      contnet: {}\n      content: &errorContent"),
            "the answer 400 of getChatMessage: the keyword 'contnet' is not known"),
        new BrokenContract(
            "A misspelt reference",
            c => c.WithSendAnswer("{$reff: '#/components/schemas/ApiResponse'}"),
            "the answer 200 of sendMessageToChat: its schema must be a reference"),
        new BrokenContract(
            "A schema without a name",
            c => c.With("              schema:\n                $ref: '#/components/schemas/GetChatMessageResponse'\n", "              schema: {type: object, properties: {result: {$ref: '#/components/schemas/ChatMessage'}}}\n"),
            "the answers must be named schemas"),
        new BrokenContract(
            "A reference to nothing",
            c => c.WithSendAnswer("{$ref: '#/components/schemas/ApiRespons'}"),
            "Could not resolve the path '#/components/schemas/ApiRespons'"),
        new BrokenContract(
            "No good answer",
            c => c.With("        '200':\n          description: The message was sent.\n", "        '300':\n          description: The message was sent.\n"),
            "operation sendMessageToChat: it must have one good answer (2xx); it has 0"),
        new BrokenContract(
            "Two good answers",
            c => c.With("        '200':\n          description: The message was sent.\n", "        '202':\n          description: Later.\n          content: {application/json: {schema: {$ref: '#/components/schemas/ApiResponse'}}}\n        '200':\n          description: The message was sent.\n"),
            "it must have one good answer (2xx); it has 2"),
        new BrokenContract(
            "A good answer that is no ApiResponse",
            c => c.WithSendAnswer("{$ref: '#/components/schemas/ChatMessage'}"),
            "the answer 200 of sendMessageToChat: it must be an ApiResponse, or extend it"),
        new BrokenContract(
            "An error that is no ErrorResponse",
            c => c.With("          schema:\n            $ref: '#/components/schemas/ErrorResponse'\n", "          schema:\n            $ref: '#/components/schemas/ApiResponse'\n"),
            "the answer 400 of getChatMessage: an error must be an ErrorResponse"),
        new BrokenContract(
            "A second result",
            c => c.With(Result, Result + "            more:\n              $ref: '#/components/schemas/ChatMessage'\n"),
            "the answer 200 of getChatMessage: its member more would be lost"),
        new BrokenContract(
            "A result that is a text",
            c => c.With(Result, "            result: {type: string}\n"),
            "the answer 200 of getChatMessage: its `result` must be a reference"),
        new BrokenContract(
            "A result that is an array",
            c => c.With(Result, "            result: {type: array, items: {$ref: '#/components/schemas/ChatMessage'}}\n"),
            "the answer 200 of getChatMessage: its `result` must be a reference"),
        new BrokenContract(
            "A result that is an enum",
            c => c.With(Result, "            result: {$ref: '#/components/schemas/ChatMessageSender'}\n"),
            "the answer 200 of getChatMessage: its `result` must be a reference to a named object"),
    ];
}
