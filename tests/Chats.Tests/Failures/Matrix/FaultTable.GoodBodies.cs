using System.IO.Compression;
using System.Text;

namespace YandexMarket.Chats.Tests.Failures.Matrix;

internal static partial class FaultTable
{
    private static IEnumerable<FaultRow> GoodBodies() =>
    [
        Odd("gzip", Ends.Result, stage => stage.RespondAsync(200, Gzip(stage.Good), "Content-Encoding: gzip")),
        Odd("a BOM before the JSON", Ends.Result, stage => stage.RespondAsync(200, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(stage.Good)])),
        Odd("chunks", Ends.Result, async stage =>
        {
            await stage.ChunksAsync(200, stage.Good[..9]);
            await stage.ChunkAsync(stage.Good[9..]);
            await stage.ChunkAsync("");
        }),
        Odd("a compression that nobody knows, and none in truth", Ends.Result, stage => stage.RespondAsync(200, stage.Good, "Content-Encoding: zigzag")),
        Odd("gzip that is none", Ends.Unclear(), stage => stage.RespondAsync(200, Canary.Echo, "Content-Encoding: gzip")),
        Odd("gzip whose checksum is wrong", Ends.Unclear(), stage => stage.RespondAsync(200, Altered(Gzip(stage.Good), fromEnd: 8), "Content-Encoding: gzip")),
        Odd("deflate that is none", Ends.Unclear(), stage => stage.RespondAsync(200, Canary.Echo, "Content-Encoding: deflate")),
        Odd("Brotli that is none", Ends.Unclear(), stage => stage.RespondAsync(200, Canary.Echo, "Content-Encoding: br")),
        Odd("Brotli that ends early", Ends.Unclear(), stage => stage.RespondAsync(200, Brotli(Canary.Echo)[..^3], "Content-Encoding: br")),
        Odd("a gzip bomb: 64 MiB in 64 KiB", Ends.Unclear(), stage => stage.RespondAsync(200, _bomb.Value, "Content-Encoding: gzip")),
        Odd("longer than allowed", Ends.Unclear(), stage => stage.RespondAsync(200, Padded(stage.Good, 1 << 20))),
        Odd("longer than allowed, in chunks", Ends.Unclear(), async stage =>
        {
            await stage.ChunksAsync(200, Padded(stage.Good, 1 << 20));
            await stage.ChunkAsync("");
        }),
        Odd("without an end", Ends.Unclear(), async stage =>
        {
            await stage.HeadAsync(200, "Transfer-Encoding: chunked");
            for (var i = 0; i < 100_000; i++)
            {
                await stage.ChunkAsync(new string(' ', 16_384));
            }
        }),
        Odd("empty", Ends.Unclear(), stage => stage.RespondAsync(200, "")),
        Odd("a page of HTML", Ends.Unclear(), stage => stage.RespondAsync(200, $"<html>{Canary.Echo}</html>", "Content-Type: text/html")),
        Odd("JSON in windows-1251", Ends.Unclear(), stage => stage.RespondAsync(200, [.. "{\"status\":\""u8, 0xCF, 0xF0, 0xE8, .. "\"}"u8], "Content-Type: application/json; charset=windows-1251")),
        Odd("JSON in UTF-16", Ends.Unclear(), stage => stage.RespondAsync(200, Encoding.Unicode.GetBytes(stage.Good), "Content-Type: application/json; charset=utf-16")),
        Odd("a charset that nobody knows, and UTF-8 in truth", Ends.Result, stage => stage.RespondAsync(200, stage.Good, "Content-Type: application/json; charset=nonsense")),
        Odd("JSON with a text where it breaks", Ends.Unclear(), stage => stage.RespondAsync(200, $$"""{"status":"OK",{{Canary.Echo}}""")),
        Odd("something after the JSON", Ends.Unclear(), stage => stage.RespondAsync(200, stage.Good + Canary.Echo)),
        Odd("two JSON documents", Ends.Unclear(), stage => stage.RespondAsync(200, stage.Good + stage.Good)),
        Odd("an array", Ends.Unclear(), stage => stage.RespondAsync(200, $"[{stage.Good}]")),
        Odd("a status with another name", Ends.Unclear(), stage => stage.RespondAsync(200, $$"""{"status":"{{Canary.Echo}}"}""")),
        Odd("an empty object", Ends.Unclear(), stage => stage.RespondAsync(200, "{}")),
        Odd("200 that says ERROR", Ends.Status(200, "BAD_REQUEST"), stage => stage.RespondAsync(200, BadRequest)),
        Odd("201 that says ERROR", Ends.Status(201, "BAD_REQUEST"), stage => stage.RespondAsync(201, BadRequest)),
        Odd("OK and no result", Ends.Result, stage => stage.RespondAsync(200, """{"status":"OK"}""")) with { Read = Ends.Unclear() },
        Odd("a date that is none", Ends.Result, stage => stage.RespondAsync(200,
            $$$"""{"status":"OK","result":{"messageId":3,"createdAt":"{{{Canary.Echo}}}","sender":"CUSTOMER"}}""")) with { Read = Ends.Unclear() },
    ];

    private static readonly Lazy<byte[]> _bomb = new(() => [.. Enumerable.Repeat(Gzip(new string(' ', 1 << 20)), 64).SelectMany(member => member)]);

    private static byte[] Brotli(string text) => Compress(text, to => new BrotliStream(to, CompressionLevel.Fastest));

    private static byte[] Altered(byte[] bytes, int fromEnd)
    {
        bytes[^fromEnd] ^= 0xff;
        return bytes;
    }

    private static string Padded(string json, int bytes) => json + new string(' ', bytes);
}
