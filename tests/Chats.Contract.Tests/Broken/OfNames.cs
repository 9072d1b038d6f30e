using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Broken;

internal static class OfNames
{
    public static IEnumerable<TestCaseData> All =>
    [
        Property("with a quote", "'a\"b'", "the name 'a\"b' may have letters and digits of ASCII only"),
        Property("with a dash", "a-b", "the name 'a-b' may have letters and digits of ASCII only"),
        Property("with a dollar", "$type", "the name '$type' may have letters and digits of ASCII only"),
        Property("in Cyrillic", "имя", "the name 'имя' may have letters and digits of ASCII only"),
        Property("with a backslash", "'a\\b'", "may have letters and digits of ASCII only"),
        Property("with a line break", "\"a\\nb\"", "Invalid property identifier character"),
        Property("that begins with a digit", "1st", "the name '1st' must begin with a letter"),
        Property("that is empty", "''", "a name is missing"),
        Property("of the reader", "read", "the name 'read' is taken"),
        Property("of a method of every object", "getHashCode", "the name 'getHashCode' is taken"),
        Property("that differs from another in its case only", "Url", "the name 'url' is taken"),
        Property("of its own class", "chatMessagePayload", "the name 'chatMessagePayload' is taken"),
        .. new[] { "Task", "List", "HttpMethod", "System", "ChatsClient", "IChatsClient", "String", "Object", "Type" }
            .Select(name => Schema(name, $"schema {name}: the name '{name}' is taken")),
        .. new[] { "Argument", "ChatsOperation", "JsonRead", "RateLimitHeaders", "Timeout" }.Select(name => Schema(name, $"'{name}'")),
        Schema("chatInfo", "schema chatInfo: the name 'chatInfo' must begin with a capital letter"),
        Schema("Chat.Info", "schema Chat.Info: the name 'Chat.Info' may have letters and digits of ASCII only"),
        Enum("that begins with a small letter", "[default]", "the name 'default' must begin with a capital letter"),
        Enum("of the unknown value", "[Unknown]", "the name 'Unknown' is taken"),
        Enum("with a blank", "['A B']", "the name 'A B' may have letters and digits of ASCII only"),
        new BrokenContract(
            "A name of an enum that is there twice",
            c => c.WithSchema("Extra", "{type: string, enum: [a, b], x-enumNames: [A, A]}"),
            "schema Extra: the name 'A' is taken"),
    ];

    private static TestCaseData Property(string what, string name, string words) =>
        new BrokenContract("A property " + what, c => c.WithProperty(name, "{type: string}"), words);

    private static TestCaseData Schema(string name, string words) =>
        new BrokenContract("A schema named " + name, c => c.WithSchema(name, "{type: object, properties: {a: {type: string}}}"), words);

    private static TestCaseData Enum(string what, string names, string words) =>
        new BrokenContract(
            "A name of an enum " + what,
            c => c.WithSchema("Extra", $"{{type: string, enum: [a], x-enumNames: {names}}}"),
            words);
}
