using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Broken;

internal static class OfParameters
{
    private const string Good = "name: x, in: query, required: true, schema: {type: integer, format: int64";
    private const string ChatId = "      name: chatId\n      in: query\n      required: true\n";

    public static IEnumerable<TestCaseData> All =>
    [
        With(
            "A header parameter",
            "name: X, in: header, required: true, schema: {type: integer, format: int64}",
            "parameter X of getChatMessage: header parameters are not known"),
        With(
            "A cookie parameter",
            "name: x, in: cookie, required: true, schema: {type: integer, format: int64}",
            "only path and query parameters are known"),
        With("An optional parameter", "name: x, in: query, schema: {type: integer, format: int64}", "optional parameters are not known"),
        With("A parameter without a schema", "name: x, in: query, required: true", "parameter x of getChatMessage: it has no schema"),
        With(
            "A parameter with a content type",
            "name: x, in: query, required: true, content: {application/json: {schema: {type: integer, format: int64}}}",
            "parameter x of getChatMessage: it has no schema"),
        With("A text", "name: x, in: query, required: true, schema: {type: string}", "only integers that are not nullable are known"),
        With(
            "An array",
            "name: x, in: query, required: true, schema: {type: array, items: {type: integer, format: int64}}",
            "only integers that are not nullable are known"),
        With(
            "A truth value",
            "name: x, in: query, required: true, schema: {type: boolean}",
            "only integers that are not nullable are known"),
        With("A nullable number", Good + ", nullable: true}", "only integers that are not nullable are known"),
        With(
            "An integer without a format",
            "name: x, in: query, required: true, schema: {type: integer}",
            "an integer needs the format int64 or int32"),
        With("An enum", Good + ", enum: [1, 2]}", "only minimum and maximum are known"),
        With("A default", Good + ", default: 5}", "only minimum and maximum are known"),
        With("A multiple", Good + ", multipleOf: 2}", "only minimum and maximum are known"),
        With("An exclusive minimum", Good + ", minimum: 1, exclusiveMinimum: true}", "only minimum and maximum are known"),
        With("A minimum with a fraction", Good + ", minimum: 1.5}", "whole numbers of 64 bits"),
        With("A maximum beyond 64 bits", Good + ", maximum: 9223372036854775808}", "whole numbers of 64 bits"),
        With("A minimum below 64 bits", Good + ", minimum: -9223372036854775809}", "whole numbers of 64 bits"),
        With("A minimum above its maximum", Good + ", minimum: 2, maximum: 1}", "its minimum is above its maximum"),
        With("A deprecated one", Good + "}, deprecated: true", "'deprecated' is not known"),
        With(
            "A name that is a keyword",
            "name: class, in: query, required: true, schema: {type: integer, format: int64}",
            "the name 'class' is taken"),
        With(
            "The name of the token",
            "name: cancellationToken, in: query, required: true, schema: {type: integer, format: int64}",
            "the name 'cancellationToken' is taken"),
        With(
            "A name with a dash",
            "name: page-token, in: query, required: true, schema: {type: integer, format: int64}",
            "the name 'page-token' may have letters"),
        With(
            "The name of another one",
            "name: businessId, in: query, required: true, schema: {type: integer, format: int64}",
            "parameter businessId of getChatMessage: the name 'businessId' is taken"),
        With(
            "A path parameter that is not in the path",
            "name: x, in: path, required: true, schema: {type: integer, format: int64}",
            "parameter x of getChatMessage: it is not in the path"),
        new BrokenContract(
            "A path parameter in the query",
            c => c.With("      name: businessId\n      in: path\n", "      name: businessId\n      in: query\n"),
            "its path has 1 placeholders but 0 path parameters"),
        new BrokenContract("A style", c => c.With(ChatId, ChatId + "      style: deepObject\n"), "style and explode are not known"),
        new BrokenContract(
            "A misspelt required",
            c => c.With(ChatId, ChatId.Replace("required", "requird")),
            "parameter chatId of getChatMessage: the keyword 'requird' is not known"),
        new BrokenContract(
            "A misspelt minimum",
            c => c.With("        minimum: 1\n    chatId:\n", "        minimun: 1\n    chatId:\n"),
            "parameter businessId of getChatMessage: the keyword 'minimun' is not known"),
        new BrokenContract(
            "A misspelt type",
            c => c.With("        type: integer\n        format: int64\n        minimum: 1\n    chatId:\n", "        type: integr\n        format: int64\n    chatId:\n"),
            "parameter businessId of getChatMessage: only integers"),
        new BrokenContract(
            "A reference to nothing",
            c => c.With("'#/components/parameters/messageId'", "'#/components/parameters/messageID'"),
            "Could not resolve the path '#/components/parameters/messageID'"),
    ];

    private static TestCaseData With(string name, string parameter, string words) => new BrokenContract(
        name,
        c => c.WithParameter(parameter),
        words);
}
