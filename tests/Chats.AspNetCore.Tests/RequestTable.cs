using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>Raw requests, their responses, and what reaches the handler.</summary>
internal static class RequestTable
{
    private const string Handled = "message 1 2 3 2026-01-16T10:09:49.5000000+00:00";
    private const string Nothing = "";
    private const int Limit = 64 * 1024;
    private const string Long = """{"error":{"type":"WRONG_EVENT_FORMAT","message":"The body is longer than 64 KiB, or than the server allows."}}""";
    private const string Slow = """{"error":{"type":"WRONG_EVENT_FORMAT","message":"The body arrived too slowly."}}""";
    private const string NoJson = """{"error":{"type":"WRONG_EVENT_FORMAT","message":"The body must be uncompressed application/json."}}""";
    private const string Failed = """{"error":{"type":"UNKNOWN","message":"The notification was not handled."}}""";

    /// <summary>The body of a 200. The clock says 13:00 in Moscow, and the response is in UTC.</summary>
    public const string Good = """{"version":"7","name":"shop","time":"2026-01-16T10:00:00+00:00"}""";

    private static readonly Shop.Setup _proxy = new()
    {
        Middleware = app => app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor }),
    };

    private static readonly Shop.Setup _decompression = new() { Middleware = app => app.UseRequestDecompression() };

    private static readonly Shop.Setup _reading = new()
    {
        Middleware = app => app.Use(async (context, rest) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await rest(context);
        }),
    };

    /// <summary>Status code pages that are Razor pages respond 400 to a POST without an antiforgery token.</summary>
    private static readonly Action<IApplicationBuilder> _errorPages = app => app.UseStatusCodePagesWithReExecute("/error")
        .Map("/error", branch => Respond(branch, StatusCodes.Status400BadRequest));

    private static readonly Shop.Setup _slow = new()
    {
        Middleware = app => app.Use((context, rest) =>
        {
            context.Request.Body = new StubStream((_, _) => throw new BadHttpRequestException("", 408));
            return rest(context);
        }),
    };

    private static readonly Shop.Setup _development = new() { Environment = Environments.Development };

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

    private static IEnumerable<RequestRow> Framing =>
    [
        new("a character set", Raw.Post(Raw.Message, "application/json; charset=utf-8"), 200, Good, Handled),
        new("a content type in capitals", Raw.Post(Raw.Message, "APPLICATION/JSON"), 200, Good, Handled),
        new("text/plain", Raw.Post(Raw.Message, "text/plain"), 415, NoJson, Nothing),
        new("a form", Raw.Post("notificationType=PING", "application/x-www-form-urlencoded"), 415, NoJson, Nothing),
        new("no content type", Raw.Post(Raw.Message, null), 415, NoJson, Nothing),
        new("a compressed body", Raw.Post(Raw.Message, headers: "Content-Encoding: gzip\r\n"), 415, NoJson, Nothing),
        new("a body that a middleware decompresses", Compressed(), 200, Good, Handled, _decompression),
        new("a body that a middleware cannot decompress", Raw.Post(Raw.Message, headers: "Content-Encoding: gzip\r\n"), 503, "", Nothing, _decompression),
        new("an identity encoding", Raw.Post(Raw.Message, headers: "Content-Encoding: Identity\r\n"), 200, Good, Handled),
        new("an empty encoding", Raw.Post(Raw.Message, headers: "Content-Encoding: \r\n"), 200, Good, Handled),
        new("a body that a middleware has read", Raw.Post(Raw.Message), 503, "", Nothing, _reading),
        new("a body that a middleware has read, with status code pages", Raw.Post(Raw.Message), 503, "", Nothing,
            new Shop.Setup { Middleware = _errorPages + _reading.Middleware }),
        new("chunks that a middleware has read", Raw.Chunked(Raw.Message), 503, "", Nothing, _reading),
        new("a body that the server finds too slow", Raw.Post(Raw.Message), 408, Slow, Nothing, _slow),
        new("64 KiB", Raw.Post(Raw.Message.PadRight(Limit)), 200, Good, Handled),
        new("64 KiB and a byte", Raw.Post(Raw.Message.PadRight(Limit + 1)), 413, Long, Nothing),
        new("a Content-Length of a gigabyte", Raw.Head("POST /notification HTTP/1.1", "Content-Type: application/json\r\nContent-Length: 1073741824\r\n"), 413, Long, Nothing),
        new("chunks", Raw.Chunked(Raw.Message[..20], Raw.Message[20..]), 200, Good, Handled),
        new("chunks of more than 64 KiB", Raw.Chunked([Raw.Message, .. Enumerable.Repeat(new string(' ', 1000), 70)]), 413, Long, Nothing),
        new("a malformed chunk", [.. Raw.Chunked(Raw.Message)[..^5], .. "zz\r\n\r\n"u8], 503, "", Nothing),
        new("byte by byte", [.. Raw.Post(Raw.Message).Select(one => new[] { one })], 200, Good, Handled),
        new("Expect: 100-continue", Raw.Post(Raw.Message, headers: "Expect: 100-continue\r\n"), 200, Good, Handled),
        new("HTTP/1.0", Encoding.ASCII.GetBytes($"POST /notification HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {Raw.Message.Length}\r\n\r\n{Raw.Message}"), 200, Good, Handled),
        new("GET", Raw.Head("GET /notification HTTP/1.1"), 405, "", Nothing),
        new("HEAD", Raw.Head("HEAD / HTTP/1.1"), 405, "", Nothing),
        new("PUT", Raw.Head("PUT /notification HTTP/1.1", "Content-Length: 0\r\n"), 405, "", Nothing),
        new("OPTIONS", Raw.Head("OPTIONS /notification HTTP/1.1"), 405, "", Nothing),
        new("another path", Raw.Post(Raw.Message, path: "/notifications"), 404, "", Nothing),
    ];

    /// <summary>Its length is that of the compressed body.</summary>
    private static byte[] Compressed()
    {
        using var body = new MemoryStream();
        using (var gzip = new GZipStream(body, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Raw.Message.Replace("{", $$"""{"x":"{{new string('x', 1000)}}",""", StringComparison.Ordinal)));
        }

        return [.. Raw.Head("POST /notification HTTP/1.1", $"Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n"), .. body.ToArray()];
    }

    private static IEnumerable<RequestRow> Senders =>
    [
        new("a forged X-Forwarded-For", Raw.Post(Raw.Message, headers: "X-Forwarded-For: 5.45.207.1\r\n"), 403, "", Nothing),
        new("a forged X-Forwarded-For, with status code pages", Raw.Post(Raw.Message, headers: "X-Forwarded-For: 5.45.207.1\r\n"), 403, "", Nothing,
            new Shop.Setup { Middleware = _errorPages }),
        new("a required login, with status code pages", Raw.Post(Raw.Message), 401, "", Nothing,
            new Shop.Setup { Middleware = _errorPages + (app => Respond(app, StatusCodes.Status401Unauthorized)) }),
        new("a forged Forwarded", Raw.Post(Raw.Message, headers: "Forwarded: for=5.45.207.1\r\n"), 403, "", Nothing),
        new("a forged X-Forwarded-For of a PING", Raw.Post(Raw.Ping, headers: "X-Forwarded-For: 5.45.207.1\r\n"), 403, "", Nothing),
        new("the service through a known proxy", Raw.Post(Raw.Message, headers: "X-Forwarded-For: 141.8.142.127\r\n"), 200, Good, Handled, _proxy),
        new("somebody else through a known proxy", Raw.Post(Raw.Message, headers: "X-Forwarded-For: 203.0.113.1\r\n"), 403, "", Nothing, _proxy),
        new("somebody else who forges the service's address", Raw.Post(Raw.Message, headers: "X-Forwarded-For: 5.45.207.1, 203.0.113.1\r\n"), 403, "", Nothing, _proxy),
        new("somebody else who claims to be local", Raw.Post(Raw.Message, headers: "X-Forwarded-For: 5.45.207.1, 127.0.0.1\r\n"), 403, "", Nothing, _proxy),
        new("a tunnel in Development", Raw.Post(Raw.Message, headers: "X-Forwarded-For: 203.0.113.1\r\n"), 200, Good, Handled, _development),
        new("a tunnel in Development, checked", Raw.Post(Raw.Message, headers: "X-Forwarded-For: 203.0.113.1\r\n"), 403, "", Nothing,
            _development with { Options = options => options.CheckSender = true }),
        new("the check is off", Raw.Post(Raw.Message, headers: "X-Forwarded-For: 203.0.113.1\r\n"), 200, Good, Handled,
            new Shop.Setup { Options = options => options.CheckSender = false }),
    ];

    private static IEnumerable<RequestRow> Handlers =>
    [
        new("a handler that throws", Raw.Post(Raw.Message), 500, Failed, Handled) { Behavior = () => throw new InvalidOperationException("secret") },
        new("a handler that fails later", Raw.Post(Raw.Message), 500, Failed, Handled)
        {
            Behavior = async () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("secret");
            },
        },
        new("a handler that is canceled", Raw.Post(Raw.Message), 500, Failed, Handled) { Behavior = () => Task.FromCanceled(new CancellationToken(true)) },
        new("a business that is configured", Raw.Post(Raw.Message), 200, Good, Handled, new Shop.Setup { Options = options => Array.ForEach([1L, 5], options.Businesses.Add) }),
        new("another business", Raw.Post(Raw.Message), 200, Good, Nothing, new Shop.Setup { Options = options => options.Businesses.Add(5) }),
    ];

    private static void Respond(IApplicationBuilder app, int status) => app.Run(context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

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
