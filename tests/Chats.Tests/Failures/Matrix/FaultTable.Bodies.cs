using System.IO.Compression;

namespace YandexMarket.Chats.Tests.Failures.Matrix;

internal static partial class FaultTable
{
    private static IEnumerable<FaultRow> Statuses() =>
    [
        Odd("201 with OK", Ends.Result, stage => stage.RespondAsync(201, stage.Good)),
        Odd("206 with OK", Ends.Result, stage => stage.RespondAsync(206, stage.Good, "Content-Range: bytes 0-14/15")),
        Odd("204", Ends.Unclear(204), Head(204)),
        Odd("205 without a body", Ends.Unclear(205), Respond(205, "")),
        Row("101, then silence", Ends.Status(101), Maybe, 1,
            Take, Head(101, "Connection: Upgrade", "Upgrade: websocket"), HeadersArrived, TimeIsOver, Hold) with { Http = Scene.Watched },
        .. new[] { 300, 301, 302, 303, 304, 305, 307, 308 }.Select(status => Status(status, Maybe, "to another server, which is not called",
            stage => stage.HeadAsync(status, $"Location: {stage.Scene.Elsewhere.Address}", "Content-Length: 0"))),
        Status(401, Not, "that asks for a password", Head(401, "WWW-Authenticate: Basic realm=\"a\"", "Content-Length: 0")),
        Status(407, Maybe, "that asks for a password", Head(407, "Proxy-Authenticate: Basic realm=\"a\"", "Content-Length: 0")),
        Status(408, Maybe, "that asks for a retry", Head(408, "Connection: close", "Content-Length: 0")),
        Status(425, Maybe, "that asks for a retry", Head(425, "Content-Length: 0")),
        Status(503, Maybe, "that asks for a retry", Head(503, "Retry-After: 0", "Content-Length: 0")),
        .. new[] { 400, 403, 404, 405, 410, 413, 415, 422, 451 }.Select(status => Status(status, Not, "", Respond(status, BadRequest), "BAD_REQUEST")),
        .. new[] { 409, 418, 499, 500, 502, 504, 599, 600, 999 }.Select(status => Status(status, Maybe, "", Respond(status, BadRequest), "BAD_REQUEST")),
        .. new[] { 420, 429 }.Select(status => Row($"{status}", Ends.Limited(status, "BAD_REQUEST"), Not, 1,
            Take, Respond(status, BadRequest, $"X-RateLimit-Resource-Until: {Canary.Echo}", $"X-RateLimit-Resource-Limit: {Canary.Echo}"))),
    ];

    // Once a status other than 2xx has arrived, it decides: 404 for certainty, 500 for doubt.
    private static IEnumerable<FaultRow> ErrorBodies() =>
    [
        .. Broken("an empty body", status => Respond(status, "")),
        .. Broken("an HTML page", status => Respond(status, $"<html>{Canary.Echo}</html>")),
        .. Broken("invalid JSON", status => Respond(status, $$"""{"status":"ERROR","errors":[{"code":{{Canary.Echo}}""")),
        .. Broken("JSON in UTF-16", status => stage =>
            stage.RespondAsync(status, Encoding.Unicode.GetBytes(BadRequest), "Content-Type: application/json; charset=utf-16")),
        .. Broken("a body longer than allowed", status => Respond(status, $"\"{Long(1 << 20)}\"")),
        .. Broken("a body longer than allowed, without a length", status => stage => stage.UntilClosedAsync(status, $"\"{Long(1 << 20)}\"")),
        .. Broken("a truncated body", Unfinished),
        .. Broken("a reset during the body", Unfinished, HeadersArrived, Reset),
        .. Broken("a malformed chunk", status => stage => stage.RawChunksAsync(status, $"{Canary.Echo}\r\n{BadRequest}\r\n0\r\n\r\n")),
        .. Broken("a body wrongly marked as gzip", status => Respond(status, BadRequest, "Content-Encoding: gzip")),
        .. Broken("a body that stalls", Unfinished, HeadersArrived, TimeIsOver, Hold),
        Row("420 and a body that stalls", Ends.Limited(420), Not, 1, Take, Unfinished(420), HeadersArrived, TimeIsOver, Hold) with { Http = Scene.Watched },
        Status(400, Not, "with a text instead of a code", Respond(400,
            $$"""{"status":"ERROR","errors":[{"code":"{{Canary.Text}}"},{"code":"{{Canary.Key}}"}]}"""), $"{Canary.Text}, {Canary.Key}"),
        Status(500, Maybe, "with a very long code", Respond(500, $$"""{"status":"ERROR","errors":[{"code":"{{LongCode}}"}]}"""), LongCode),
    ];

    private static IEnumerable<FaultRow> GoodBodies() =>
    [
        Odd("gzip", Ends.Result, stage => stage.RespondAsync(200, Gzip(stage.Good), "Content-Encoding: gzip")),
        Odd("a BOM before the JSON", Ends.Result, stage => stage.RespondAsync(200, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(stage.Good)])),
        Odd("chunks", Ends.Result, stage => stage.ChunksAsync(200, stage.Good[..9], stage.Good[9..], "")),
        Odd("an unknown Content-Encoding on an uncompressed body", Ends.Result, stage => stage.RespondAsync(200, stage.Good, "Content-Encoding: zigzag")),
        Odd("invalid gzip", Ends.Unclear(), Respond(200, Canary.Echo, "Content-Encoding: gzip")),
        Odd("gzip with a wrong checksum", Ends.Unclear(), stage => stage.RespondAsync(200, Altered(Gzip(stage.Good), fromEnd: 8), "Content-Encoding: gzip")),
        Odd("invalid deflate", Ends.Unclear(), Respond(200, Canary.Echo, "Content-Encoding: deflate")),
        Odd("invalid Brotli", Ends.Unclear(), Respond(200, Canary.Echo, "Content-Encoding: br")),
        Odd("truncated Brotli", Ends.Unclear(), stage => stage.RespondAsync(200, Brotli(Canary.Echo)[..^3], "Content-Encoding: br")),
        Odd("a gzip bomb: 64 MiB in 64 KiB", Ends.Unclear(), stage => stage.RespondAsync(200, _bomb.Value, "Content-Encoding: gzip")),
        Odd("longer than allowed", Ends.Unclear(), stage => stage.RespondAsync(200, Padded(stage.Good))),
        Odd("longer than allowed, in chunks", Ends.Unclear(), stage => stage.ChunksAsync(200, Padded(stage.Good), "")),
        Odd("an endless body", Ends.Unclear(), stage => stage.ChunksAsync(200, [.. Enumerable.Repeat(new string(' ', 16_384), 100_000)])),
        Odd("empty", Ends.Unclear(), Respond(200, "")),
        Odd("an HTML page", Ends.Unclear(), Respond(200, $"<html>{Canary.Echo}</html>", "Content-Type: text/html")),
        Odd("JSON in windows-1251", Ends.Unclear(), stage => stage.RespondAsync(200, [.. "{\"status\":\""u8, 0xCF, 0xF0, 0xE8, .. "\"}"u8], "Content-Type: application/json; charset=windows-1251")),
        Odd("JSON in UTF-16", Ends.Unclear(), stage => stage.RespondAsync(200, Encoding.Unicode.GetBytes(stage.Good), "Content-Type: application/json; charset=utf-16")),
        Odd("an unknown charset on a UTF-8 body", Ends.Result, stage => stage.RespondAsync(200, stage.Good, "Content-Type: application/json; charset=nonsense")),
        Odd("malformed JSON that contains a text", Ends.Unclear(), Respond(200, $$"""{"status":"OK",{{Canary.Echo}}""")),
        Odd("extra data after the JSON", Ends.Unclear(), stage => stage.RespondAsync(200, stage.Good + Canary.Echo)),
        Odd("two JSON documents", Ends.Unclear(), stage => stage.RespondAsync(200, stage.Good + stage.Good)),
        Odd("an array", Ends.Unclear(), stage => stage.RespondAsync(200, $"[{stage.Good}]")),
        Odd("an unknown status value", Ends.Unclear(), Respond(200, $$"""{"status":"{{Canary.Echo}}"}""")),
        Odd("an empty object", Ends.Unclear(), Respond(200, "{}")),
        Odd("200 with status ERROR", Ends.Status(200, "BAD_REQUEST"), Respond(200, BadRequest)),
        Odd("201 with status ERROR", Ends.Status(201, "BAD_REQUEST"), Respond(201, BadRequest)),
        Odd("OK without a result", Ends.Result, Respond(200, Responses.Sent)) with { Read = Ends.Unclear() },
        Odd("an invalid date", Ends.Result, Respond(200,
            $$$"""{"status":"OK","result":{"messageId":3,"createdAt":"{{{Canary.Echo}}}","sender":"CUSTOMER"}}""")) with { Read = Ends.Unclear() },
    ];

    private static readonly Lazy<byte[]> _bomb = new(() => [.. Enumerable.Repeat(Gzip(new string(' ', 1 << 20)), 64).SelectMany(member => member)]);

    private static string LongCode => string.Concat(Enumerable.Repeat("TEXTCANARY", 7));

    private static IEnumerable<FaultRow> Broken(string what, Func<int, Step> respond, params Step[] afterwards) =>
        new[] { (Status: 404, Doubt: Not), (Status: 500, Doubt: Maybe) }.Select(it =>
            Row($"{it.Status} and {what}", Ends.Status(it.Status), it.Doubt, 1, [Take, respond(it.Status), .. afterwards]) with
            {
                Http = afterwards is [] ? null : Scene.Watched,
            });

    private static byte[] Gzip(string text) => Compress(text, to => new GZipStream(to, CompressionLevel.Fastest));

    private static byte[] Brotli(string text) => Compress(text, to => new BrotliStream(to, CompressionLevel.Fastest));

    private static byte[] Compress(string text, Func<Stream, Stream> into)
    {
        using var compressed = new MemoryStream();
        using (var stream = into(compressed))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }

    private static byte[] Altered(byte[] bytes, int fromEnd)
    {
        bytes[^fromEnd] ^= 0xff;
        return bytes;
    }

    private static string Padded(string json) => json + new string(' ', 1 << 20);
}
