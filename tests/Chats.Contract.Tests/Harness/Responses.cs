namespace YandexMarket.Chats.Contract.Tests.Harness;

internal static class Responses
{
    public const string Ok = """{"status":"OK"}""";

    /// <summary>A message with more members, written as they stand between braces: <c>"x": 1</c>.</summary>
    public static string Message(string more = "", string sender = "CUSTOMER") =>
        $$"""{"status":"OK","result":{"messageId":3,"createdAt":"2017-11-21T00:00:00+03:00","sender":"{{sender}}"{{Added(more)}} } }""";

    /// <summary>A message with one file, which has more members.</summary>
    public static string File(string more = "") => Message($$""" "payload":[{"name":"n","url":"u","size":1{{Added(more)}} }] """);

    private static string Added(string more) => more.Length == 0 ? "" : "," + more;
}
