namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Every error response, and the unusual requests that do not get one.</summary>
public sealed class RefusalTests : EmulatorTests
{
    private const string TooBig = "The request is too big: more than 524288 bytes";
    private const string NoScope = "Token does not have any of the scopes to access the API method";
    private const string Size = "'message' size must be between '1' and '4096' (rejected value: ";

    private static readonly string _long = new('я', 4097);

    [SetUp]
    public void AddKeys()
    {
        Chat.Receive("Hello?");
        Emulator.AddBusiness(9).AddChat(7).Receive("Somebody else's");
        Emulator.AddKey("all", "settings-management", "all-methods");
        Emulator.AddKey("reader", "all-methods:read-only");
        Emulator.AddKey("manager", "settings-management");
        Emulator.AddKey("nothing");
        Emulator.AddKey("revoked", "communication");
        Emulator.RevokeKey("revoked");
        Emulator.FindBusiness(9)!.AddKey("nine", "communication");
    }

    /// <summary>Each refusal with the requests that get it.</summary>
    private static IEnumerable<TestCaseData> Rejected =>
    [
        // The parameters
        .. Bad("Required request parameter 'chatId' is not present",
            Get($"{Target}?messageId=1"), Get($"{Target}?chatId=&messageId=1"), Get($"{Target}?chatid=2&messageId=1"), Get(Target),
            Post(Target), Post(Target, """{"chatId":2,"message":"Hi"}""")),
        .. Bad("Required request parameter 'messageId' is not present", Get(Send)),
        .. new[] { "x", "1.5", "1e3", "0x10", "+1", "9223372036854775808", "%D9%A1" }.SelectMany(no => Bad("Type mismatch: 'chatId'",
            Get($"{Target}?chatId={no}&messageId=1"), Post($"{Target}?chatId={no}")).Concat(
            Bad("Type mismatch: 'messageId'", Get($"{Send}&messageId={no}")))),
        .. new[] { "0", "-1", "-9223372036854775808" }.SelectMany(small => Bad("'chatId' must be greater than or equal to 1",
            Get($"{Target}?chatId={small}&messageId=1"), Post($"{Target}?chatId={small}")).Concat(
            Bad("'messageId' must be greater than or equal to 1", Get($"{Send}&messageId={small}"))).Concat(
            Bad("'businessId' must be greater than or equal to 1", Get($"/v2/businesses/{small}/chats/message?chatId=2&messageId=1")))),
        .. Bad("Type mismatch: 'businessId'",
            Get("/v2/businesses/x/chats/message?chatId=2&messageId=1"), Post("/businesses/x/chats/message?chatId=2")),

        // The body
        .. Bad("Required request body is missing", Request("POST", Send, headers: Json), Request("POST", Send), Post(body: ""), Chunked("")),
        .. Bad("JSON: malformed",
            Post(body: """{"message":"Hi"""), Post(body: "{'message':'Hi'}"), Post(body: """{/**/"message":"Hi"}"""),
            Post(body: """{"message":"Hi",}"""), Post(body: """{"message":"Hi"}{}"""), Post(body: """{"message":"\ud83d"}"""),
            Post(body: """["Hi"]"""), Post(body: "\"Hi\"")),
        .. Bad("Missing field: 'message'", Post(body: """{"text":"Hi"}"""), Post(body: """{"Message":"Hi"}"""), Post(body: """{"message":null}""")),
        .. Bad("Type mismatch: 'message'", Post(body: """{"message":5}"""), Post(body: """{"message":{"text":"Hi"}}""")),
        .. Bad(Size + ")", Post(body: Body(""))),
        .. Bad($"{Size}{_long})", Post(body: Body(_long))),
        .. Bad(TooBig, Chunked(Padded(512 * 1024 + 1))),

        .. Unauthorized("Credentials are not specified",
            Get(key: null), Get(key: ""), Request("GET", Read, null, "Authorization: Bearer key\r\n")),
        .. Unauthorized("Api-Key token prefix invalid", Get(key: "Bearer key"), Post(key: "bearer key")),
        .. Unauthorized("Api-Key token format invalid", Get(key: "k ey"), Request("GET", Read, headers: "Api-Key: key\r\n")),
        .. Unauthorized("Api-Key token is invalid", Get(key: "unknown"), Post(key: "unknown"), Get(key: "KEY")),
        .. Unauthorized("Api-Key token is revoked", Get(key: "revoked")),

        .. Forbidden(NoScope, Post(key: "reader"), Get(key: "manager"), Post(key: "manager"), Get(key: "nothing")),
        .. Forbidden("Access denied", Get("/v2/businesses/5/chats/message?chatId=2&messageId=1"), Get(key: "nine"), Post(key: "nine")),

        .. Missing("Can't find chat by id: '3'", Get($"{Target}?chatId=3&messageId=1"), Post($"{Target}?chatId=3")),
        .. Missing("Can't find chat by id: '7'", Get($"{Target}?chatId=7&messageId=2")),
        .. Missing("Can't find message by id: '30' for chat '2'", Get($"{Send}&messageId=30")),
        .. Missing("Can't find message by id: '2' for chat '2'", Get($"{Send}&messageId=2")),
        .. Missing("Resource not found",
        [
            .. new[]
            {
                "/V2/businesses/1/chats/message", "/v1/businesses/1/chats/message", "/v3/businesses/1/chats/message", "/v2/Businesses/1/chats/message",
                "/v2/businesses/1/chats/message/", "/v2/businesses/1/chats/messages", "/v2/businesses//chats/message", "/v2/businesses/chats/message",
                "/v2/businesses/1/2/chats/message", "/v2/v2/businesses/1/chats/message", "/v2/businesses/1/chats", "/v2", "/v2/", "/",
            }.Select(path => Get($"{path}?chatId=2&messageId=1")),
            Post("/V2/businesses/1/chats/message?chatId=2"), Get("/v2/nothing", key: null),
        ]),

        .. new[] { "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FETCH" }
            .SelectMany(method => Case(405, "METHOD_NOT_ALLOWED", $"Request method '{method}' not supported", Request(method, Send))),
        .. new[] { "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/json; charset=windows-1251", "json" }
            .SelectMany(type => Type($"Content type '{type}' not supported", Post(contentType: $"Content-Type: {type}\r\n"))),
        .. Type("Missing Content-Type", Post(contentType: "")),

        // The order of the checks: the key, its scopes, the business, the content type, the query, the body, the chat
        .. Unauthorized("Api-Key token is invalid", Post(Target, "", "unknown")),
        .. Forbidden(NoScope, Post("/v2/businesses/x/chats/message", "", "reader")),
        .. Forbidden("Access denied", Get("/v2/businesses/5/chats/message")),
        .. Type("Content type 'text/plain' not supported", Post(Target, contentType: "Content-Type: text/plain\r\n")),
        .. Bad(Size + ")", Post($"{Target}?chatId=3", Body(""))),
    ];

    private static IEnumerable<TestCaseData> Accepted => new[]
    {
        Get(), Get(key: "all"), Get(key: "reader"), Get("/businesses/1/chats/message?chatId=2&messageId=1"),
        Get($"{Target}?x=1&messageId=1&CHATID=7&chatId=2&chatId=x&y"), Get($"{Target}?chatId=%32&messageId=1"),
        Post(), Post(key: "all"), Post("/businesses/1/chats/message?chatId=2"),
        Post(contentType: "Content-Type: Application/JSON; charset=\"UTF-8\"\r\n"), Chunked(Hi),
        Post(body: """ {"a":{"message":"no"},"b":[1,{"message":2}],"message":"Hi","c":null} """),
        Post(body: Body(_long[1..])), Post(body: Body(" ")), Post(body: Padded(512 * 1024)),
    }.Select(request => new TestCaseData(request).SetArgDisplayNames(NameOf(request)));

    [TestCaseSource(nameof(Rejected))]
    public async Task An_invalid_call_is_rejected_as_documented(int status, string code, string message, string request)
    {
        var response = await SendAsync(request);

        using var scope = Assert.EnterMultipleScope();
        Assert.That(response.Status, Is.EqualTo(status));
        Assert.That(response.Header("Content-Type"), Is.EqualTo("application/json"));
        Assert.That(response.Header("traceparent"), Does.Match("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$"));
        Assert.That(response.Json.GetProperty("status").GetString(), Is.EqualTo("ERROR"));
        Assert.That(response.Json.GetProperty("errors").GetArrayLength(), Is.EqualTo(1));
        Assert.That((response.ErrorCode, response.ErrorMessage), Is.EqualTo((code, message)));
        Assert.That(response.Json.EnumerateObject().Count(), Is.EqualTo(2));

        var record = Emulator.Requests.Single();
        Assert.That((record.Status, record.ErrorCode, record.TraceParent, record.WasDelivered),
            Is.EqualTo(((int?)status, code, response.Header("traceparent"), false)));
        Assert.That(Chat.Messages, Has.Count.EqualTo(1), "messages of the chat");
    }

    [TestCaseSource(nameof(Accepted))]
    public async Task An_unusual_but_valid_call_is_accepted(string request)
    {
        var response = await SendAsync(request);

        using var scope = Assert.EnterMultipleScope();
        Assert.That(response.Status, Is.EqualTo(200));
        Assert.That(response.Header("Content-Type"), Is.EqualTo("application/json"));
        Assert.That(response.Header("traceparent"), Does.Match("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$"));
        Assert.That(response.Json.GetProperty("status").GetString(), Is.EqualTo("OK"));
        Assert.That(Chat.Messages.Count(it => it.Sender == EmulatedSender.Partner),
            Is.EqualTo(request.StartsWith("POST", StringComparison.Ordinal) ? 1 : 0));
    }

    [Test]
    public async Task A_caller_who_disconnects_after_half_a_body_delivers_nothing()
    {
        (await OpenAsync(Post()[..^5])).Dispose();

        await UntilRecordedAsync(1);
        var record = Emulator.Requests.Single();
        Assert.That((record.Status, record.WasDelivered, Chat.Messages.Count), Is.EqualTo(((int?)null, false, 1)));
    }

    [Test]
    public async Task A_body_whose_declared_length_is_too_large_is_rejected_before_it_is_sent()
    {
        using var socket = await OpenAsync(Request("POST", Send, headers: $"{Json}Content-Length: 524289\r\n"));

        var response = await ReadUntilAsync(socket, text => text.EndsWith("}]}", StringComparison.Ordinal));

        Assert.That(response, Does.StartWith("HTTP/1.1 400 Bad Request\r\n").And.Contain(TooBig));
    }

    [Test]
    public async Task The_record_contains_no_text_and_no_complete_key()
    {
        Emulator.AddKey("a-very-secret-key", "communication");

        await PostAsync(Send, Body(new string('s', 4097)), "a-very-secret-key");
        await PostAsync(Send, Body("a private text"), "a-very-secret-key");

        Assert.That(string.Join('\n', Emulator.Requests) + Chat.Messages[^1],
            Does.Contain("a-ve…").And.Contain("size must be between")
                .And.Not.Contain("sss").And.Not.Contain("private").And.Not.Contain("a-ver"));
    }

    private static IEnumerable<TestCaseData> Bad(string message, params string[] requests) => Case(400, "BAD_REQUEST", message, requests);

    private static IEnumerable<TestCaseData> Unauthorized(string message, params string[] requests) => Case(401, "UNAUTHORIZED", message, requests);

    private static IEnumerable<TestCaseData> Forbidden(string message, params string[] requests) => Case(403, "FORBIDDEN", message, requests);

    private static IEnumerable<TestCaseData> Missing(string message, params string[] requests) => Case(404, "NOT_FOUND", message, requests);

    private static IEnumerable<TestCaseData> Type(string message, params string[] requests) => Case(415, "UNSUPPORTED_MEDIA_TYPE", message, requests);

    private static IEnumerable<TestCaseData> Case(int status, string code, string message, params string[] requests) =>
        requests.Select(request => new TestCaseData(status, code, message, request).SetArgDisplayNames($"{status}", NameOf(request)));

    private static string Chunked(string body) =>
        Request("POST", Send, headers: Json + "Transfer-Encoding: chunked\r\n")
        + (body.Length > 0 ? $"{body.Length:x}\r\n{body}\r\n" : "") + "0\r\n\r\n";

    private static string Body(string text) => $$"""{"message":"{{text}}"}""";

    private static string Padded(int length) => Hi.PadRight(length);
}
