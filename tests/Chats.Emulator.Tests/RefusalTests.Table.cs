using System.Text;

namespace YandexMarket.Chats.Emulator.Tests;

public sealed partial class RefusalTests
{
    private const string Path = "/v2/businesses/1/chats/message";
    private const string Target = Path + "?chatId=2";
    private const string Json = "Content-Type: application/json\r\n";
    private const string Hi = """{"message":"Hi"}""";
    private const string NoScope = "Token does not have any of the scopes to access the API method";
    private const string NotFound = "Resource not found";

    private static IEnumerable<TestCaseData> Refused()
    {
        static TestCaseData Case(string name, string request, int status, string code, string message) =>
            new TestCaseData(request, status, code, message).SetName("Refused: " + name);

        // 400: the parameters
        yield return Case("a read without chatId", Get($"{Path}?messageId=1"), 400, "BAD_REQUEST", "Required request parameter 'chatId' is not present");
        yield return Case("a read with an empty chatId", Get($"{Path}?chatId=&messageId=1"), 400, "BAD_REQUEST", "Required request parameter 'chatId' is not present");
        yield return Case("a read with chatid", Get($"{Path}?chatid=2&messageId=1"), 400, "BAD_REQUEST", "Required request parameter 'chatId' is not present");
        yield return Case("a read without messageId", Get(Target), 400, "BAD_REQUEST", "Required request parameter 'messageId' is not present");
        yield return Case("a read without a query", Get(Path), 400, "BAD_REQUEST", "Required request parameter 'chatId' is not present");
        yield return Case("a send without chatId", Post(Path, Hi), 400, "BAD_REQUEST", "Required request parameter 'chatId' is not present");
        yield return Case("a send with chatId in the body", Post(Path, """{"chatId":2,"message":"Hi"}"""), 400, "BAD_REQUEST", "Required request parameter 'chatId' is not present");
        foreach (var no in new[] { "x", "1.5", "1e3", "0x10", "+1", "9223372036854775808", "%D9%A1" })
        {
            yield return Case($"chatId={no} in a read", Get($"{Path}?chatId={no}&messageId=1"), 400, "BAD_REQUEST", "Type mismatch: 'chatId'");
            yield return Case($"chatId={no} in a send", Post($"{Path}?chatId={no}", Hi), 400, "BAD_REQUEST", "Type mismatch: 'chatId'");
            yield return Case($"messageId={no}", Get($"{Target}&messageId={no}"), 400, "BAD_REQUEST", "Type mismatch: 'messageId'");
        }

        foreach (var small in new[] { "0", "-1", "-9223372036854775808" })
        {
            yield return Case($"chatId={small} in a read", Get($"{Path}?chatId={small}&messageId=1"), 400, "BAD_REQUEST", "'chatId' must be greater than or equal to 1");
            yield return Case($"chatId={small} in a send", Post($"{Path}?chatId={small}", Hi), 400, "BAD_REQUEST", "'chatId' must be greater than or equal to 1");
            yield return Case($"messageId={small}", Get($"{Target}&messageId={small}"), 400, "BAD_REQUEST", "'messageId' must be greater than or equal to 1");
            yield return Case($"businessId={small}", Get($"/v2/businesses/{small}/chats/message?chatId=2&messageId=1"), 400, "BAD_REQUEST", "'businessId' must be greater than or equal to 1");
        }

        yield return Case("businessId=x in a read", Get("/v2/businesses/x/chats/message?chatId=2&messageId=1"), 400, "BAD_REQUEST", "Type mismatch: 'businessId'");
        yield return Case("businessId=x in a send", Post("/businesses/x/chats/message?chatId=2", Hi), 400, "BAD_REQUEST", "Type mismatch: 'businessId'");

        // 400: the body
        yield return Case("no body", Wire.Request("POST", Target, "key", Json), 400, "BAD_REQUEST", "Required request body is missing");
        yield return Case("no body and no type", Wire.Request("POST", Target, "key", ""), 400, "BAD_REQUEST", "Required request body is missing");
        yield return Case("an empty body", Post(Target, ""), 400, "BAD_REQUEST", "Required request body is missing");
        yield return Case("an empty chunked body", Chunked(""), 400, "BAD_REQUEST", "Required request body is missing");
        yield return Case("half a JSON", Post(Target, """{"message":"Hi"""), 400, "BAD_REQUEST", "JSON: malformed at byte 11");
        yield return Case("single quotes", Post(Target, "{'message':'Hi'}"), 400, "BAD_REQUEST", "JSON: malformed at byte 1");
        yield return Case("a comment", Post(Target, """{/**/"message":"Hi"}"""), 400, "BAD_REQUEST", "JSON: malformed at byte 1");
        yield return Case("a comma too much", Post(Target, """{"message":"Hi",}"""), 400, "BAD_REQUEST", "JSON: malformed at byte 16");
        yield return Case("text after the JSON", Post(Target, """{"message":"Hi"}{}"""), 400, "BAD_REQUEST", "JSON: malformed at byte 16");
        yield return Case("half a surrogate pair", Post(Target, """{"message":"\ud83d"}"""), 400, "BAD_REQUEST", "JSON: malformed at byte 19");
        yield return Case("an array", Post(Target, """["Hi"]"""), 400, "BAD_REQUEST", "JSON: malformed at byte 0");
        yield return Case("a bare text", Post(Target, "\"Hi\""), 400, "BAD_REQUEST", "JSON: malformed at byte 0");
        yield return Case("no message", Post(Target, """{"text":"Hi"}"""), 400, "BAD_REQUEST", "Missing field: 'message'");
        yield return Case("Message with a capital", Post(Target, """{"Message":"Hi"}"""), 400, "BAD_REQUEST", "Missing field: 'message'");
        yield return Case("a null message", Post(Target, """{"message":null}"""), 400, "BAD_REQUEST", "Missing field: 'message'");
        yield return Case("a number", Post(Target, """{"message":5}"""), 400, "BAD_REQUEST", "Type mismatch: 'message'");
        yield return Case("a nested text", Post(Target, """{"message":{"text":"Hi"}}"""), 400, "BAD_REQUEST", "Type mismatch: 'message'");
        yield return Case("a text of 0", Post(Target, Body("")), 400, "BAD_REQUEST", "'message' size must be between '1' and '4096' (rejected value: )");
        var long1 = new string('я', 4097);
        yield return Case("a text of 4097", Post(Target, Body(long1)), 400, "BAD_REQUEST", $"'message' size must be between '1' and '4096' (rejected value: {long1})");
        yield return Case("a stated length above 512 KB", Post(Target, Padded(512 * 1024 + 1)), 400, "BAD_REQUEST", "The request is too big: more than 524288 bytes");
        yield return Case("chunks above 512 KB", Chunked(Padded(512 * 1024 + 1)), 400, "BAD_REQUEST", "The request is too big: more than 524288 bytes");

        // 401
        yield return Case("no key", Get($"{Target}&messageId=1", key: null), 401, "UNAUTHORIZED", "Credentials are not specified");
        yield return Case("an empty key", Get($"{Target}&messageId=1", key: ""), 401, "UNAUTHORIZED", "Credentials are not specified");
        yield return Case("a key in the header of OAuth", Wire.Request("GET", $"{Target}&messageId=1", null, "Authorization: Bearer key\r\n"), 401, "UNAUTHORIZED", "Credentials are not specified");
        yield return Case("a Bearer key in a read", Get($"{Target}&messageId=1", "Bearer key"), 401, "UNAUTHORIZED", "Api-Key token prefix invalid");
        yield return Case("a bearer key in a send", Post(Target, Hi, "bearer key"), 401, "UNAUTHORIZED", "Api-Key token prefix invalid");
        yield return Case("a key with a space", Get($"{Target}&messageId=1", "k ey"), 401, "UNAUTHORIZED", "Api-Key token format invalid");
        yield return Case("two keys", Wire.Request("GET", $"{Target}&messageId=1", "key", "Api-Key: key\r\n"), 401, "UNAUTHORIZED", "Api-Key token format invalid");
        yield return Case("a key that never was, in a read", Get($"{Target}&messageId=1", "dead"), 401, "UNAUTHORIZED", "Api-Key token is invalid");
        yield return Case("a key that never was, in a send", Post(Target, Hi, "dead"), 401, "UNAUTHORIZED", "Api-Key token is invalid");
        yield return Case("a key in other letters", Get($"{Target}&messageId=1", "KEY"), 401, "UNAUTHORIZED", "Api-Key token is invalid");
        yield return Case("a removed key", Get($"{Target}&messageId=1", "removed"), 401, "UNAUTHORIZED", "Api-Key token is invalid");
        yield return Case("a revoked key", Get($"{Target}&messageId=1", "revoked"), 401, "UNAUTHORIZED", "Api-Key token is revoked");

        // 403
        yield return Case("a reader sends", Post(Target, Hi, "reader"), 403, "FORBIDDEN", NoScope);
        yield return Case("a manager of settings reads", Get($"{Target}&messageId=1", "manager"), 403, "FORBIDDEN", NoScope);
        yield return Case("a manager of settings sends", Post(Target, Hi, "manager"), 403, "FORBIDDEN", NoScope);
        yield return Case("a key without scopes reads", Get($"{Target}&messageId=1", "nothing"), 403, "FORBIDDEN", NoScope);
        yield return Case("a business that is not", Get("/v2/businesses/5/chats/message?chatId=2&messageId=1"), 403, "FORBIDDEN", "Access denied");
        yield return Case("a business of another key, read", Get($"{Target}&messageId=1", "nine"), 403, "FORBIDDEN", "Access denied");
        yield return Case("a business of another key, sent to", Post(Target, Hi, "nine"), 403, "FORBIDDEN", "Access denied");

        // 404
        yield return Case("a chat that is not, read", Get($"{Path}?chatId=3&messageId=1"), 404, "NOT_FOUND", "Can't find chat by id: '3'");
        yield return Case("a chat that is not, sent to", Post($"{Path}?chatId=3", Hi), 404, "NOT_FOUND", "Can't find chat by id: '3'");
        yield return Case("a chat of another business", Get($"{Path}?chatId=7&messageId=2"), 404, "NOT_FOUND", "Can't find chat by id: '7'");
        yield return Case("a message that is not", Get($"{Target}&messageId=30"), 404, "NOT_FOUND", "Can't find message by id: '30' for chat '2'");
        yield return Case("a message of another chat", Get($"{Target}&messageId=2"), 404, "NOT_FOUND", "Can't find message by id: '2' for chat '2'");
        foreach (var path in new[]
        {
            "/V2/businesses/1/chats/message", "/v1/businesses/1/chats/message", "/v3/businesses/1/chats/message", "/v2/Businesses/1/chats/message",
            "/v2/businesses/1/chats/message/", "/v2/businesses/1/chats/messages", "/v2/businesses//chats/message", "/v2/businesses/chats/message",
            "/v2/businesses/1/2/chats/message", "/v2/v2/businesses/1/chats/message", "/v2/businesses/1/chats", "/v2", "/v2/", "/",
        })
        {
            yield return Case($"path {path}", Get($"{path}?chatId=2&messageId=1"), 404, "NOT_FOUND", NotFound);
        }

        yield return Case("a send to a capital V2", Post("/V2/businesses/1/chats/message?chatId=2", Hi), 404, "NOT_FOUND", NotFound);
        yield return Case("a wrong path without a key", Get("/v2/nothing", key: null), 404, "NOT_FOUND", NotFound);

        // 405, 415
        foreach (var method in new[] { "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FETCH" })
        {
            yield return Case(method, Wire.Request(method, Target, "key", ""), 405, "METHOD_NOT_ALLOWED", $"Request method '{method}' not supported");
        }

        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/json; charset=windows-1251", "json" })
        {
            yield return Case($"body of {type}", Post(Target, Hi, type: $"Content-Type: {type}\r\n"), 415, "UNSUPPORTED_MEDIA_TYPE", $"Content type '{type}' not supported");
        }

        yield return Case("a body without a type", Post(Target, Hi, type: ""), 415, "UNSUPPORTED_MEDIA_TYPE", "Missing Content-Type");

        // What is refused first, where two things are wrong
        yield return Case("a dead key comes before all parameters", Post(Path, "", "dead"), 401, "UNAUTHORIZED", "Api-Key token is invalid");
        yield return Case("a missing scope comes before a business that is not", Post("/v2/businesses/x/chats/message", "", "reader"), 403, "FORBIDDEN", NoScope);
        yield return Case("the business comes before the query", Get("/v2/businesses/5/chats/message"), 403, "FORBIDDEN", "Access denied");
        yield return Case("the content type comes before the query", Post(Path, Hi, type: "Content-Type: text/plain\r\n"), 415, "UNSUPPORTED_MEDIA_TYPE", "Content type 'text/plain' not supported");
        yield return Case("the body comes before the chat", Post($"{Path}?chatId=3", Body("")), 400, "BAD_REQUEST", "'message' size must be between '1' and '4096' (rejected value: )");
    }

    private static IEnumerable<TestCaseData> Accepted()
    {
        static TestCaseData Case(string name, string request) => new TestCaseData(request).SetName("Accepted: " + name);

        yield return Case("a read with communication", Get($"{Target}&messageId=1"));
        yield return Case("a read with all-methods", Get($"{Target}&messageId=1", "all"));
        yield return Case("a read with all-methods:read-only", Get($"{Target}&messageId=1", "reader"));
        yield return Case("a read without a version", Get("/businesses/1/chats/message?chatId=2&messageId=1"));
        yield return Case("a read with parameters that nobody knows", Get($"{Path}?x=1&messageId=1&CHATID=7&chatId=2&chatId=x&y"));
        yield return Case("a read with escaped digits", Get($"{Path}?chatId=%32&messageId=1"));
        yield return Case("a send with communication", Post(Target, Hi));
        yield return Case("a send with all-methods", Post(Target, Hi, "all"));
        yield return Case("a send without a version", Post("/businesses/1/chats/message?chatId=2", Hi));
        yield return Case("a send with a charset", Post(Target, Hi, type: "Content-Type: Application/JSON; charset=\"UTF-8\"\r\n"));
        yield return Case("a send in chunks", Chunked(Hi));
        yield return Case("a send with members that nobody knows", Post(Target, """ {"a":{"message":"no"},"b":[1,{"message":2}],"message":"Hi","c":null} """));
        yield return Case("a text of 4096", Post(Target, Body(new string('я', 4096))));
        yield return Case("a text of white space", Post(Target, Body(" ")));
        yield return Case("512 KB to the byte", Post(Target, Padded(512 * 1024)));
    }

    private static string Get(string target, string? key = "key") => Wire.Request("GET", target, key, "");

    private static string Post(string target, string body, string? key = "key", string type = Json) =>
        Wire.Request("POST", target, key, $"{type}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n") + body;

    private static string Chunked(string body) =>
        Wire.Request("POST", Target, "key", Json + "Transfer-Encoding: chunked\r\n") + (body.Length > 0 ? $"{body.Length:x}\r\n{body}\r\n" : "") + "0\r\n\r\n";

    private static string Body(string text) => $$"""{"message":"{{text}}"}""";

    private static string Padded(int length) => Hi.PadRight(length);
}
