namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>Raw requests, their responses, and what reaches the handler.</summary>
internal static partial class RequestTable
{
    private const string Handled = "message 1 2 3 2026-01-16T10:09:49.5000000+00:00";
    private const string Nothing = "";

    /// <summary>The body of a 200. The clock says 13:00 in Moscow, and the response is in UTC.</summary>
    public const string Good = """{"version":"7","name":"shop","time":"2026-01-16T10:00:00+00:00"}""";

    public static IEnumerable<RequestRow> All => [.. Accepted, .. Malformed, .. Framing, .. Senders, .. Handlers];

    private static IEnumerable<RequestRow> Accepted =>
    [
        new("a PING", Raw.Post(Raw.Ping), 200, Good, Nothing),
        new("a PING without its time", Raw.Post("""{"notificationType":"PING"}"""), 200, Good, Nothing),
        new("a message, its id as a string", Raw.Post(Raw.Message), 200, Good, Handled),
        new("a message, its id as a number", Raw.Post(Raw.Message.Replace("\"3\"", "3")), 200, Good, Handled),
        new("a message at /", Raw.Post(Raw.Message, path: "/"), 200, Good, Handled),
        new("a slash at the end", Raw.Post(Raw.Message, path: "/notification/"), 200, Good, Handled),
        new("a query", Raw.Post(Raw.Message, path: "/notification?a=b"), 200, Good, Handled),
        new("a chat", Raw.Post("""{"notificationType":"CHAT_CREATED","businessId":1,"chatId":2,"createdAt":"2026-01-16T13:09:49+03:00"}"""),
            200, Good, "created 1 2 2026-01-16T13:09:49.0000000+03:00"),
        new("a dispute", Raw.Post("""{"notificationType":"CHAT_ARBITRAGE_STARTED","businessId":1,"chatId":2,"startedAt":"2026-01-16T10:09:49Z"}"""),
            200, Good, "started 1 2 2026-01-16T10:09:49.0000000+00:00"),
        new("the end of a dispute", Raw.Post("""{"notificationType":"CHAT_ARBITRAGE_FINISHED","businessId":1,"chatId":2,"finishedAt":"2026-01-16T10:09:49Z"}"""),
            200, Good, "finished 1 2 2026-01-16T10:09:49.0000000+00:00"),
        new("the type as the last member, and white space", Raw.Post("""
            { "sentAt" : "2026-01-16T10:09:49.5Z" , "messageId" : "3",
              "chatId" : 2 , "businessId" : 1 , "notificationType" : "CHAT_MESSAGE_SENT" }
            """), 200, Good, Handled),
        new("unknown members of any kind", Raw.Post(With("""[{"a":[1,2.5,null,true]}]""")), 200, Good, Handled),
        new("an unknown number of 400 digits", Raw.Post(With(new string('9', 400))), 200, Good, Handled),
        new("an unknown member 10,000 arrays deep", Raw.Post(With(new string('[', 10_000) + new string(']', 10_000))), 200, Good, Handled),
        new("the largest id", Raw.Post(Raw.Message.Replace("\"3\"", "\"9223372036854775807\"")),
            200, Good, "message 1 2 9223372036854775807 2026-01-16T10:09:49.5000000+00:00"),
        new("a date with nine digits of a second", Raw.Post(Raw.Message.Replace("49.5Z", "49.500000009Z")), 200, Good, Handled),
        new("a message whose time has no offset", Raw.Post(Raw.Message.Replace("49.5Z", "49.5")), 200, Good, "message 1 2 3 "),
        new("a message whose time is an object", Raw.Post(Raw.Message.Replace("\"2026-01-16T10:09:49.5Z\"", "{\"a\":[1]}")), 200, Good, "message 1 2 3 "),
        new("a message without a time", Raw.Post(Raw.Message.Replace("sentAt", "sent")), 200, Good, "message 1 2 3 "),
        new("a chat whose time has no offset", Raw.Post("""{"notificationType":"CHAT_CREATED","businessId":1,"chatId":2,"createdAt":"2026-01-16T13:09:49"}"""), 200, Good, "created 1 2 "),
        new("a dispute whose time is null", Raw.Post("""{"notificationType":"CHAT_ARBITRAGE_STARTED","businessId":1,"chatId":2,"startedAt":null}"""), 200, Good, "started 1 2 "),
        new("the end of a dispute without a time", Raw.Post("""{"notificationType":"CHAT_ARBITRAGE_FINISHED","businessId":1,"chatId":2}"""), 200, Good, "finished 1 2 "),
        new("a byte order mark", Raw.Post("\uFEFF" + Raw.Message), 200, Good, Handled),
        new("an order notification", Raw.Post("""{"notificationType":"ORDER_CREATED","orderId":1,"items":[{"offerId":"a"}]}"""), 200, Good, Nothing),
        new("an unknown type", Raw.Post("""{"notificationType":"CHAT_SOMETHING"}"""), 200, Good, Nothing),
    ];

    private static IEnumerable<RequestRow> Malformed =>
    [
        new("no body", Raw.Post(""), 400, Wrong("it is empty or incomplete"), Nothing),
        new("no JSON", Raw.Post("hello"), 400, Wrong("it is not JSON (line 0, position 0)"), Nothing),
        new("truncated JSON", Raw.Post(Raw.Message[..50]), 400, Wrong("it is not JSON"), Nothing),
        new("two notifications", Raw.Post(Raw.Message + Raw.Message), 400, Wrong("it is not JSON (line 1, position 116)"), Nothing),
        new("an array", Raw.Post($"[{Raw.Message}]"), 400, Wrong("Notification is not an object"), Nothing),
        new("null", Raw.Post("null"), 400, Wrong("Notification is not an object"), Nothing),
        new("an empty object", Raw.Post("{}"), 400, Wrong("Notification.notificationType is missing"), Nothing),
        new("a type that is not a string", Raw.Post("""{"notificationType":1}"""), 400, Wrong("Notification.notificationType is not a value of NotificationType"), Nothing),
        new("no message id", Raw.Post(Raw.Message.Replace("messageId", "messageID")), 400, Wrong("ChatMessageSentNotification.messageId is missing"), Nothing),
        new("a message id that is not a number", Raw.Post(Raw.Message.Replace("\"3\"", "\"x\"")), 400, Wrong("messageId is not a 64-bit integer"), Nothing),
        new("a message id beyond 64 bits", Raw.Post(Raw.Message.Replace("\"3\"", "\"9223372036854775808\"")), 400, Wrong("is not a 64-bit integer"), Nothing),
        new("a business of 400 digits", Raw.Post(Raw.Message.Replace(":1,", $":{new string('1', 400)},")), 400, Wrong("businessId is not a 64-bit integer"), Nothing),
        new("a chat id that is null", Raw.Post(Raw.Message.Replace(":2,", ":null,")), 400, Wrong("chatId is not a 64-bit integer"), Nothing),
        new("a comment", Raw.Post("/* */" + Raw.Message), 400, Wrong("it is not strict JSON"), Nothing),
        new("single quotes", Raw.Post(Raw.Message.Replace('"', '\'')), 400, Wrong("it is not strict JSON"), Nothing),
        new("invalid UTF-8", Raw.Post([.. Encoding.UTF8.GetBytes(Raw.Message[..^1]), .. ",\"a\":\""u8, 0xFF, .. "\"}"u8]), 400, Wrong("it is not UTF-8"), Nothing),
        new("UTF-16", Raw.Post(Encoding.Unicode.GetBytes(Raw.Message), "application/json; charset=utf-16"), 400, Wrong("Notification.notificationType is missing"), Nothing),
    ];

    private static string With(string value) => Raw.Message[..^1] + $",\"unknown\":{value}}}";

    private static string Wrong(string words) => """{"error":{"type":"WRONG_EVENT_FORMAT","message":"…""" + words + "…\"}}";
}

/// <summary>A request, in the parts in which it is sent, and the expected result.</summary>
internal sealed record RequestRow(string Name, byte[][] Request, int Status, string Body, string Calls, Shop.Setup? Setup = null)
{
    public RequestRow(string name, byte[] request, int status, string body, string calls, Shop.Setup? setup = null)
        : this(name, [request], status, body, calls, setup)
    {
    }

    public Func<Task>? Behavior { get; init; }

    public override string ToString() => Name;
}
