using System.IO.Compression;
using Microsoft.AspNetCore.HttpOverrides;

namespace YandexMarket.Chats.AspNetCore.Tests;

internal static partial class RequestTable
{
    private const int Limit = 64 * 1024;
    private const string Long = """{"error":{"type":"WRONG_EVENT_FORMAT","message":"The body is longer than 64 KiB, or incomplete."}}""";
    private const string NoJson = """{"error":{"type":"WRONG_EVENT_FORMAT","message":"The body must be uncompressed application/json."}}""";
    private const string Failed = """{"error":{"type":"UNKNOWN","message":"The notification was not handled."}}""";

    private static readonly Shop.Setup _proxy = new()
    {
        Middleware = app => app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor }),
    };

    private static readonly Shop.Setup _development = new() { Environment = Environments.Development };

    private static IEnumerable<RequestRow> Framing =>
    [
        new("a character set", Raw.Post(Raw.Message, "application/json; charset=utf-8"), 200, Good, Handled),
        new("a content type in capitals", Raw.Post(Raw.Message, "APPLICATION/JSON"), 200, Good, Handled),
        new("text/plain", Raw.Post(Raw.Message, "text/plain"), 415, NoJson, Nothing),
        new("a form", Raw.Post("notificationType=PING", "application/x-www-form-urlencoded"), 415, NoJson, Nothing),
        new("no content type", Raw.Post(Raw.Message, null), 415, NoJson, Nothing),
        new("a compressed body", Raw.Post(Raw.Message, headers: "Content-Encoding: gzip\r\n"), 415, NoJson, Nothing),
        new("a body that a middleware decompresses", Compressed(), 200, Good, Handled, new Shop.Setup { Middleware = app => app.UseRequestDecompression() }),
        new("64 KiB", Raw.Post(Raw.Message.PadRight(Limit)), 200, Good, Handled),
        new("64 KiB and a byte", Raw.Post(Raw.Message.PadRight(Limit + 1)), 413, Long, Nothing),
        new("a Content-Length of a gigabyte", Raw.Head("POST /notification HTTP/1.1", "Content-Type: application/json\r\nContent-Length: 1073741824\r\n"), 413, Long, Nothing),
        new("chunks", Raw.Chunked(Raw.Message[..20], Raw.Message[20..]), 200, Good, Handled),
        new("chunks of more than 64 KiB", Raw.Chunked([Raw.Message, .. Enumerable.Repeat(new string(' ', 1000), 70)]), 413, Long, Nothing),
        new("a malformed chunk", [.. Raw.Chunked(Raw.Message)[..^5], .. "zz\r\n\r\n"u8], 400, Long, Nothing),
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
        new("a forged Forwarded", Raw.Post(Raw.Message, headers: "Forwarded: for=5.45.207.1\r\n"), 403, "", Nothing),
        new("a forged X-Forwarded-For of a PING", Raw.Post(Raw.Ping, headers: "X-Forwarded-For: 5.45.207.1\r\n"), 403, "", Nothing),
        new("the service through a known proxy", Raw.Post(Raw.Message, headers: "X-Forwarded-For: 141.8.142.127\r\n"), 200, Good, Handled, _proxy),
        new("the service through a known proxy, by IPv6", Raw.Post(Raw.Message, headers: "X-Forwarded-For: ::ffff:5.255.253.0\r\n"), 200, Good, Handled, _proxy),
        new("the address after the last of the service", Raw.Post(Raw.Message, headers: "X-Forwarded-For: 141.8.142.128\r\n"), 403, "", Nothing, _proxy),
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
}
