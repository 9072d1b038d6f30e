using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Broken;

internal static class OfSchemas
{
    private const string Payload = "schema ChatMessagePayload, property x: ";
    private const string Either = "[{$ref: '#/components/schemas/ApiError'}, {$ref: '#/components/schemas/ChatMessagePayload'}]";

    public static IEnumerable<TestCaseData> All =>
    [
        Property(
            "An array of numbers",
            "{type: array, items: {type: number}}",
            Payload + "of arrays, only those of objects with a name are known"),
        Property(
            "An array of texts",
            "{type: array, items: {type: string}}",
            Payload + "of arrays, only those of objects with a name are known"),
        Property(
            "An array of arrays",
            "{type: array, items: {type: array, items: {$ref: '#/components/schemas/ApiError'}}}",
            Payload + "of arrays, only those of objects with a name are known"),
        Property(
            "An array of enums",
            "{type: array, items: {$ref: '#/components/schemas/ChatMessageSender'}}",
            Payload + "of arrays, only those of objects with a name are known"),
        Property("An array of nothing said", "{type: array}", Payload + "of arrays, only those of objects with a name are known"),
        Property(
            "A set",
            "{type: array, uniqueItems: true, items: {$ref: '#/components/schemas/ApiError'}}",
            Payload + "uniqueItems is not known"),
        Property(
            "A dictionary",
            "{type: object, additionalProperties: {type: string}}",
            Payload + "a dictionary (additionalProperties) is not known"),
        Property("One of two", $"{{oneOf: {Either}}}", Payload + "oneOf is not known"),
        Property("Any of two", $"{{anyOf: {Either}}}", Payload + "anyOf is not known"),
        Property("All of two", $"{{allOf: {Either}}}", Payload + "its type is not known"),
        Property(
            "A reference beside a type",
            "{type: string, allOf: [{$ref: '#/components/schemas/ApiError'}]}",
            Payload + "allOf is known as a reference followed by an object, or as one reference"),
        Property("Not one", "{not: {$ref: '#/components/schemas/ApiError'}}", Payload + "'not' is not known"),
        Property("A number with a fraction", "{type: number}", Payload + "its type is not known"),
        Property("A truth value", "{type: boolean}", Payload + "its type is not known"),
        Property("An object without a name", "{type: object, properties: {a: {type: string}}}", Payload + "its type is not known"),
        Property("Anything", "{}", Payload + "its type is not known"),
        Property("A misspelt type", "{type: integr, format: int64}", Payload + "its type is not known"),
        Property("Two types, as in 3.1", "{type: [string, 'null']}", Payload + "its type is not known"),
        Property("An enum without a name", "{type: string, enum: [a, b]}", Payload + "an enum needs a name"),
        Property("A date without a time", "{type: string, format: date}", Payload + "strings of the format 'date' are not known"),
        Property("A UUID", "{type: string, format: uuid}", Payload + "strings of the format 'uuid' are not known"),
        Property("Bytes", "{type: string, format: byte}", Payload + "strings of the format 'byte' are not known"),
        Property("A text with a default", "{type: string, default: a}", Payload + "of a string, only minLength and maxLength are known"),
        Property("An integer without a format", "{type: integer}", Payload + "an integer needs the format int64 or int32"),
        Property(
            "An integer with a default",
            "{type: integer, format: int64, default: 1}",
            Payload + "of an integer, only minimum and maximum are known"),
        Property("A read-only one", "{type: string, readOnly: true}", Payload + "readOnly and writeOnly are not known"),
        Property("A deprecated one", "{type: string, deprecated: true}", Payload + "'deprecated' is not known"),
        Property("An unknown keyword", "{type: string, const: a}", Payload + "the keyword 'const' is not known"),
        Property(
            "A reference to nothing",
            "{$ref: '#/components/schemas/Nothing'}",
            "Could not resolve the path '#/components/schemas/Nothing'"),
        Property("A public member of a type of the wire", "{$ref: '#/components/schemas/ApiResponseStatus'}", "Inconsistent accessibility"),
        Schema(
            "A named dictionary",
            "{type: object, additionalProperties: {type: string}}",
            "schema Extra: a dictionary (additionalProperties) is not known"),
        Schema("A named choice", $"{{oneOf: {Either}}}", "schema Extra: oneOf is not known"),
        Schema("A named text", "{type: string}", "schema Extra: a string with a name must be an enum"),
        Schema("A named array", "{type: array, items: {$ref: '#/components/schemas/ApiError'}}", "schema Extra: its type is not known"),
        Schema("An object without properties", "{type: object}", "schema Extra: it has no properties"),
        Schema(
            "A closed object",
            "{type: object, additionalProperties: false, properties: {a: {type: string}}}",
            "schema Extra: additionalProperties: false is a promise"),
        Schema(
            "A discriminator",
            "{type: object, discriminator: {propertyName: a}, required: [a], properties: {a: {type: string}}}",
            "schema Extra: a discriminator is not known"),
        Schema(
            "A public heir",
            "{allOf: [{$ref: '#/components/schemas/ApiError'}, {type: object, properties: {a: {type: string}}}]}",
            "schema Extra: only schemas of the wire (x-internal) can extend each other"),
        Schema(
            "An heir of two",
            $"{{x-internal: true, allOf: {Either}}}",
            "schema Extra: allOf is known as a reference followed by an object"),
        Schema("An enum of numbers", "{type: integer, enum: [1, 2]}", "schema Extra: its type is not known"),
        Schema("An enum without names", "{type: string, enum: [a, b]}", "schema Extra: x-enumNames must name every value"),
        Schema(
            "An enum value with a quote",
            "{type: string, enum: ['a\"b'], x-enumNames: [A]}",
            "schema Extra: its value a\"b has a quote"),
        Schema(
            "An enum value with a line break",
            "{type: string, enum: [\"a\\nb\"], x-enumNames: [A]}",
            "schema Extra: its value ab has a quote, a backslash or a line break"),
        new BrokenContract(
            "A value without a name",
            c => c.With("x-enumNames: [Partner, Customer, Market, Support]", "x-enumNames: [Partner, Customer, Market]"),
            "schema ChatMessageSender: x-enumNames must name every value"),
        new BrokenContract(
            "A misspelt required",
            c => c.With("      required: [messageId, createdAt, sender]\n", "      requird: [messageId, createdAt, sender]\n"),
            "schema ChatMessage: the keyword 'requird' is not known"),
        new BrokenContract(
            "A required member that does not exist",
            c => c.With("      required: [messageId, createdAt, sender]\n", "      required: [messageID, createdAt, sender]\n"),
            "schema ChatMessage: it requires messageID, which is none of its properties"),
        new BrokenContract(
            "A misspelt mark of an open enum",
            c => c.With("      x-open-enum: true\n      enum: [PARTNER", "      x-open-enun: true\n      enum: [PARTNER"),
            "schema ChatMessageSender: the keyword 'x-open-enun' is not known"),
    ];

    private static TestCaseData Property(string name, string schema, string words) => new BrokenContract(
        name,
        c => c.WithProperty("x", schema),
        words);

    private static TestCaseData Schema(string name, string schema, string words) => new BrokenContract(
        name,
        c => c.WithSchema("Extra", schema),
        words);
}
