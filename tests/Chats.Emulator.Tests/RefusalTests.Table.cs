namespace YandexMarket.Chats.Emulator.Tests;

public sealed partial class RefusalTests
{
    private const string Path = "/v2/businesses/1/chats/message";
    private const string NoScope = "Token does not have any of the scopes to access the API method";
    private const string NoChatId = "Required request parameter 'chatId' is not present";
    private const string ChatIdTooSmall = "'chatId' must be greater than or equal to 1";
    private const string Size = "'message' size must be between '1' and '4096' (rejected value: ";
    private const string NotFound = "Resource not found";

    private static IEnumerable<TestCaseData> Rejected()
    {
        static TestCaseData Case(string name, string request, int status, string code, string message) =>
            new TestCaseData(request, status, code, message).SetName("Rejected: " + name);
        static TestCaseData Bad(string name, string request, string message) => Case(name, request, 400, "BAD_REQUEST", message);
        static TestCaseData Unknown(string name, string request, string message) => Case(name, request, 401, "UNAUTHORIZED", message);
        static TestCaseData Forbidden(string name, string request, string message) => Case(name, request, 403, "FORBIDDEN", message);
        static TestCaseData Missing(string name, string request, string message) => Case(name, request, 404, "NOT_FOUND", message);
        static TestCaseData Method(string name, string request, string message) => Case(name, request, 405, "METHOD_NOT_ALLOWED", message);
        static TestCaseData Type(string name, string request, string message) =>
            Case(name, request, 415, "UNSUPPORTED_MEDIA_TYPE", message);

        // 400: the parameters
        yield return Bad("a read without chatId", Get($"{Path}?messageId=1"), NoChatId);
        yield return Bad("a read with an empty chatId", Get($"{Path}?chatId=&messageId=1"), NoChatId);
        yield return Bad("a read with chatid", Get($"{Path}?chatid=2&messageId=1"), NoChatId);
        yield return Bad("a read without messageId", Get(Send), "Required request parameter 'messageId' is not present");
        yield return Bad("a read without a query", Get(Path), NoChatId);
        yield return Bad("a send without chatId", Wire.Post(Path, Hi), NoChatId);
        yield return Bad("a send with chatId in the body", Wire.Post(Path, """{"chatId":2,"message":"Hi"}"""), NoChatId);
        foreach (var no in new[] { "x", "1.5", "1e3", "0x10", "+1", "9223372036854775808", "%D9%A1" })
        {
            yield return Bad($"chatId={no} in a read", Get($"{Path}?chatId={no}&messageId=1"), "Type mismatch: 'chatId'");
            yield return Bad($"chatId={no} in a send", Wire.Post($"{Path}?chatId={no}", Hi), "Type mismatch: 'chatId'");
            yield return Bad($"messageId={no}", Get($"{Send}&messageId={no}"), "Type mismatch: 'messageId'");
        }

        foreach (var small in new[] { "0", "-1", "-9223372036854775808" })
        {
            yield return Bad($"chatId={small} in a read", Get($"{Path}?chatId={small}&messageId=1"), ChatIdTooSmall);
            yield return Bad($"chatId={small} in a send", Wire.Post($"{Path}?chatId={small}", Hi), ChatIdTooSmall);
            yield return Bad($"messageId={small}", Get($"{Send}&messageId={small}"), "'messageId' must be greater than or equal to 1");
            yield return Bad($"businessId={small}",
                Get($"/v2/businesses/{small}/chats/message?chatId=2&messageId=1"), "'businessId' must be greater than or equal to 1");
        }

        yield return Bad("businessId=x in a read",
            Get("/v2/businesses/x/chats/message?chatId=2&messageId=1"), "Type mismatch: 'businessId'");
        yield return Bad("businessId=x in a send", Wire.Post("/businesses/x/chats/message?chatId=2", Hi), "Type mismatch: 'businessId'");

        // 400: the body
        yield return Bad("no body", Wire.Request("POST", Send, "key", Wire.Json), "Required request body is missing");
        yield return Bad("no body and no type", Wire.Request("POST", Send, "key", ""), "Required request body is missing");
        yield return Bad("an empty body", Wire.Post(Send, ""), "Required request body is missing");
        yield return Bad("an empty chunked body", Chunked(""), "Required request body is missing");
        yield return Bad("truncated JSON", Wire.Post(Send, """{"message":"Hi"""), "JSON: malformed");
        yield return Bad("single quotes", Wire.Post(Send, "{'message':'Hi'}"), "JSON: malformed");
        yield return Bad("a comment", Wire.Post(Send, """{/**/"message":"Hi"}"""), "JSON: malformed");
        yield return Bad("a trailing comma", Wire.Post(Send, """{"message":"Hi",}"""), "JSON: malformed");
        yield return Bad("text after the JSON", Wire.Post(Send, """{"message":"Hi"}{}"""), "JSON: malformed");
        yield return Bad("an unpaired surrogate", Wire.Post(Send, """{"message":"\ud83d"}"""), "JSON: malformed");
        yield return Bad("an array", Wire.Post(Send, """["Hi"]"""), "JSON: malformed");
        yield return Bad("a bare string", Wire.Post(Send, "\"Hi\""), "JSON: malformed");
        yield return Bad("no message", Wire.Post(Send, """{"text":"Hi"}"""), "Missing field: 'message'");
        yield return Bad("Message with a capital", Wire.Post(Send, """{"Message":"Hi"}"""), "Missing field: 'message'");
        yield return Bad("a null message", Wire.Post(Send, """{"message":null}"""), "Missing field: 'message'");
        yield return Bad("a number", Wire.Post(Send, """{"message":5}"""), "Type mismatch: 'message'");
        yield return Bad("a nested text", Wire.Post(Send, """{"message":{"text":"Hi"}}"""), "Type mismatch: 'message'");
        yield return Bad("an empty text", Wire.Post(Send, Body("")), Size + ")");
        var long1 = new string('я', 4097);
        yield return Bad("a text of 4097 characters", Wire.Post(Send, Body(long1)), $"{Size}{long1})");
        yield return Bad("a declared length above 512 KB",
            Wire.Post(Send, Padded(512 * 1024 + 1)), "The request is too big: more than 524288 bytes");
        yield return Bad("chunks above 512 KB", Chunked(Padded(512 * 1024 + 1)), "The request is too big: more than 524288 bytes");

        // 401
        yield return Unknown("no key", Get($"{Send}&messageId=1", key: null), "Credentials are not specified");
        yield return Unknown("an empty key", Get($"{Send}&messageId=1", key: ""), "Credentials are not specified");
        yield return Unknown("a key in the Authorization header",
            Wire.Request("GET", $"{Send}&messageId=1", null, "Authorization: Bearer key\r\n"), "Credentials are not specified");
        yield return Unknown("a Bearer key in a read", Get($"{Send}&messageId=1", "Bearer key"), "Api-Key token prefix invalid");
        yield return Unknown("a bearer key in a send", Wire.Post(Send, Hi, "bearer key"), "Api-Key token prefix invalid");
        yield return Unknown("a key with a space", Get($"{Send}&messageId=1", "k ey"), "Api-Key token format invalid");
        yield return Unknown("two keys",
            Wire.Request("GET", $"{Send}&messageId=1", "key", "Api-Key: key\r\n"), "Api-Key token format invalid");
        yield return Unknown("an unknown key in a read", Get($"{Send}&messageId=1", "unknown"), "Api-Key token is invalid");
        yield return Unknown("an unknown key in a send", Wire.Post(Send, Hi, "unknown"), "Api-Key token is invalid");
        yield return Unknown("a key in a different case", Get($"{Send}&messageId=1", "KEY"), "Api-Key token is invalid");
        yield return Unknown("a revoked key", Get($"{Send}&messageId=1", "revoked"), "Api-Key token is revoked");

        // 403
        yield return Forbidden("a reader sends", Wire.Post(Send, Hi, "reader"), NoScope);
        yield return Forbidden("a manager of settings reads", Get($"{Send}&messageId=1", "manager"), NoScope);
        yield return Forbidden("a manager of settings sends", Wire.Post(Send, Hi, "manager"), NoScope);
        yield return Forbidden("a key without scopes reads", Get($"{Send}&messageId=1", "nothing"), NoScope);
        yield return Forbidden("a business that does not exist", Get("/v2/businesses/5/chats/message?chatId=2&messageId=1"), "Access denied");
        yield return Forbidden("a read of a business of another key", Get($"{Send}&messageId=1", "nine"), "Access denied");
        yield return Forbidden("a send to a business of another key", Wire.Post(Send, Hi, "nine"), "Access denied");

        // 404
        yield return Missing("a read of a chat that does not exist", Get($"{Path}?chatId=3&messageId=1"), "Can't find chat by id: '3'");
        yield return Missing("a send to a chat that does not exist", Wire.Post($"{Path}?chatId=3", Hi), "Can't find chat by id: '3'");
        yield return Missing("a chat of another business", Get($"{Path}?chatId=7&messageId=2"), "Can't find chat by id: '7'");
        yield return Missing("a message that does not exist", Get($"{Send}&messageId=30"), "Can't find message by id: '30' for chat '2'");
        yield return Missing("a message of another chat", Get($"{Send}&messageId=2"), "Can't find message by id: '2' for chat '2'");
        foreach (var path in new[]
        {
            "/V2/businesses/1/chats/message", "/v1/businesses/1/chats/message", "/v3/businesses/1/chats/message",
            "/v2/Businesses/1/chats/message",
            "/v2/businesses/1/chats/message/", "/v2/businesses/1/chats/messages", "/v2/businesses//chats/message",
            "/v2/businesses/chats/message",
            "/v2/businesses/1/2/chats/message", "/v2/v2/businesses/1/chats/message", "/v2/businesses/1/chats", "/v2", "/v2/", "/",
        })
        {
            yield return Missing($"path {path}", Get($"{path}?chatId=2&messageId=1"), NotFound);
        }

        yield return Missing("a send to an uppercase V2", Wire.Post("/V2/businesses/1/chats/message?chatId=2", Hi), NotFound);
        yield return Missing("a wrong path without a key", Get("/v2/nothing", key: null), NotFound);

        // 405, 415
        foreach (var method in new[] { "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FETCH" })
        {
            yield return Method(method, Wire.Request(method, Send, "key", ""), $"Request method '{method}' not supported");
        }

        foreach (var type in new[]
        {
            "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/json; charset=windows-1251", "json",
        })
        {
            yield return Type($"body of {type}",
                Wire.Post(Send, Hi, contentType: $"Content-Type: {type}\r\n"), $"Content type '{type}' not supported");
        }

        yield return Type("a body without a type", Wire.Post(Send, Hi, contentType: ""), "Missing Content-Type");

        // The order of the checks
        yield return Unknown("an unknown key comes before all parameters", Wire.Post(Path, "", "unknown"), "Api-Key token is invalid");
        yield return Forbidden("a missing scope comes before an invalid business",
            Wire.Post("/v2/businesses/x/chats/message", "", "reader"), NoScope);
        yield return Forbidden("the business comes before the query", Get("/v2/businesses/5/chats/message"), "Access denied");
        yield return Type("the content type comes before the query",
            Wire.Post(Path, Hi, contentType: "Content-Type: text/plain\r\n"), "Content type 'text/plain' not supported");
        yield return Bad("the body comes before the chat", Wire.Post($"{Path}?chatId=3", Body("")), Size + ")");
    }

    private static IEnumerable<TestCaseData> Accepted()
    {
        static TestCaseData Case(string name, string request) => new TestCaseData(request).SetName("Accepted: " + name);

        yield return Case("a read with communication", Get($"{Send}&messageId=1"));
        yield return Case("a read with all-methods", Get($"{Send}&messageId=1", "all"));
        yield return Case("a read with all-methods:read-only", Get($"{Send}&messageId=1", "reader"));
        yield return Case("a read without a version", Get("/businesses/1/chats/message?chatId=2&messageId=1"));
        yield return Case("a read with unknown parameters", Get($"{Path}?x=1&messageId=1&CHATID=7&chatId=2&chatId=x&y"));
        yield return Case("a read with escaped digits", Get($"{Path}?chatId=%32&messageId=1"));
        yield return Case("a send with communication", Wire.Post(Send, Hi));
        yield return Case("a send with all-methods", Wire.Post(Send, Hi, "all"));
        yield return Case("a send without a version", Wire.Post("/businesses/1/chats/message?chatId=2", Hi));
        yield return Case("a send with a charset", Wire.Post(Send, Hi, contentType: "Content-Type: Application/JSON; charset=\"UTF-8\"\r\n"));
        yield return Case("a send in chunks", Chunked(Hi));
        yield return Case("a send with unknown members", Wire.Post(Send, """ {"a":{"message":"no"},"b":[1,{"message":2}],"message":"Hi","c":null} """));
        yield return Case("a text of 4096 characters", Wire.Post(Send, Body(new string('я', 4096))));
        yield return Case("a text of white space", Wire.Post(Send, Body(" ")));
        yield return Case("exactly 512 KB", Wire.Post(Send, Padded(512 * 1024)));
    }

    private static string Get(string target, string? key = "key") => Wire.Request("GET", target, key, "");

    private static string Chunked(string body) =>
        Wire.Request("POST", Send, "key", Wire.Json + "Transfer-Encoding: chunked\r\n")
        + (body.Length > 0 ? $"{body.Length:x}\r\n{body}\r\n" : "") + "0\r\n\r\n";

    private static string Body(string text) => $$"""{"message":"{{text}}"}""";

    private static string Padded(int length) => Hi.PadRight(length);
}
