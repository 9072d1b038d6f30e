namespace YandexMarket.Chats.Tests.Failures.Matrix;

internal static partial class FaultTable
{
    private static IEnumerable<FaultRow> Deadlines() =>
    [
        Late("timeout before the response"),
        Late("timeout in the status line", Send("HTTP/1.1 2")),
        Late("timeout in the headers", Send($"HTTP/1.1 200 {Canary.Echo}\r\nX-Echo: {Canary.Echo}")),
        Late("timeout after 100 Continue", Send("HTTP/1.1 100 Continue\r\n\r\n")),
        LateBody("timeout before the body", Head(200, "Content-Length: 15")),
        LateBody("timeout in a body with a length", stage => stage.RespondAsync(200, stage.Good[..^1], Encoding.UTF8.GetByteCount(stage.Good))),
        LateBody("timeout in a body without a length", stage => stage.UntilClosedAsync(200, stage.Good[..^1])),
        LateBody("timeout in a chunk size", stage => stage.RawChunksAsync(200, $"5\r\n{stage.Good[..5]}\r\na")),
        LateBody("timeout in a chunk", stage => stage.RawChunksAsync(200, "ff\r\n{\"status\":")),
        LateBody("timeout before the last chunk", stage => stage.ChunksAsync(200, stage.Good)),
        LateBody("timeout in a gzip body",
            stage => stage.HeadAsync(200, "Content-Encoding: gzip", $"Content-Length: {Gzip(stage.Good).Length}"),
            stage => stage.Client.SendAsync(Gzip(stage.Good).AsMemory(..^9))),
        Row("headers arrive one byte per second", Ends.TimedOut, Maybe, 1, Take, stage => stage.DripAsync("HTTP/1.1 200 OK\r\n"), Hold),
        Row("a body arrives one byte per second", Ends.TimedOut, Maybe, 1,
            Take, Head(200, "Content-Length: 100"), stage => stage.DripAsync("{\"status\":\"OK\","), Hold),
        Row("100 Continue repeatedly, one per second", Ends.TimedOut, Maybe, 1,
            Take, stage => stage.DripAsync([.. Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 15)]), Hold),
        Row("a slow response that completes just in time", Ends.Result, Not, 1,
            Take,
            stage => stage.HeadAsync(200, $"Content-Length: {Encoding.UTF8.GetByteCount(stage.Good)}"),
            stage => stage.DripAsync(stage.Good[..14]),
            stage => stage.Client.SendAsync(stage.Good[14..])),
    ];

    private static IEnumerable<FaultRow> Cuts() =>
    [
        Cut("closed in the status line", Send("HTTP/1.1 20")),
        Cut("closed in the headers", Send($"HTTP/1.1 200 {Canary.Echo}\r\nX-Echo: {Canary.Echo}")),
        Cut("closed before the body", Head(200, "Content-Length: 15")),
        Cut("closed in the body", stage => stage.RespondAsync(200, stage.Good[..9], stage.Good.Length)),
        Cut("closed one byte before the end of the body", stage => stage.RespondAsync(200, stage.Good, Encoding.UTF8.GetByteCount(stage.Good) + 1)),
        Cut("closed in a chunk", stage => stage.RawChunksAsync(200, "ff\r\n{\"status\":\"OK\"}")),
        Cut("closed between chunks", stage => stage.ChunksAsync(200, stage.Good[..9])),
        Cut("closed before the last chunk", stage => stage.ChunksAsync(200, stage.Good)),
        Cut("reset in the headers", Send($"HTTP/1.1 200 {Canary.Echo}\r\n"), Reset),
        Cut("reset in the body", stage => stage.RespondAsync(200, stage.Good[..9], stage.Good.Length), HeadersArrived, Reset) with { Http = Scene.Watched },
        Row("TLS: closed in the body", Ends.Lost, Maybe, 1,
            Secured, Take, stage => stage.RespondAsync(200, stage.Good[..9], stage.Good.Length)) with { Http = Scene.Trusting, Address = Secure },
        Odd("closed in a body without a length", Ends.Unclear(), stage => stage.UntilClosedAsync(200, stage.Good[..9])),
        Odd("truncated gzip", Ends.Unclear(), stage => stage.RespondAsync(200, Gzip(stage.Good)[..^12], "Content-Encoding: gzip")),
    ];

    private static IEnumerable<FaultRow> Forms() =>
    [
        Cut("garbage instead of HTTP", Send($"{Canary.Echo}\0\u0001\r\n\r\n")),
        Cut("an HTML page without HTTP headers", Send($"<html><body>{Canary.Echo}</body></html>\n")),
        Cut("a TLS alert on a plain connection", stage => stage.Client.SendAsync(new byte[] { 0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46, 0x0a })),
        Cut("a status line without a status", Send($"HTTP/1.1 {Canary.Echo}\r\n\r\n")),
        Cut("a two-digit status", Send($"HTTP/1.1 42 {Canary.Echo}\r\n\r\n")),
        Cut("a four-digit status", Send($"HTTP/1.1 2000 {Canary.Echo}\r\n\r\n")),
        Cut("a header without a colon", Send($"HTTP/1.1 200 OK\r\n{Canary.Echo}\r\n\r\n")),
        Cut("a 1 MiB header", Send($"HTTP/1.1 200 OK\r\nX-Echo: {Long(1 << 20)}\r\n\r\n")),
        Cut("a 1 MiB status line", Send($"HTTP/1.1 200 {Long(1 << 20)}\r\n\r\n")),
        Cut("10,000 headers", Head(200, [.. Enumerable.Range(0, 10_000).Select(i => $"X-Echo-{i}: {Canary.Echo}")])),
        Cut("a chunk size that is not a number", stage => stage.RawChunksAsync(200, $"{Canary.Echo}\r\n{stage.Good}\r\n0\r\n\r\n")),
        Cut("a negative chunk size", stage => stage.RawChunksAsync(200, $"-f\r\n{stage.Good}\r\n0\r\n\r\n")),
        Cut("a chunk size that overflows", stage => stage.RawChunksAsync(200, $"{new string('f', 17)}\r\n{stage.Good}\r\n0\r\n\r\n")),
        Cut("a chunk longer than its size", stage => stage.RawChunksAsync(200, $"5\r\n{stage.Good}\r\n0\r\n\r\n")),
        Cut("a Content-Length larger than the body", stage => stage.RespondAsync(200, stage.Good, statedLength: 1000)),
        Odd("a Content-Length smaller than the body", Ends.Unclear(), stage => stage.RespondAsync(200, stage.Good, statedLength: 10)),
        Odd("Content-Length of 2^63 - 1", Ends.Unclear(), stage => stage.RespondAsync(200, stage.Good, long.MaxValue)),
        Odd("a Content-Length that is not a number", Ends.Result, Head(200, $"Content-Length: {Canary.Echo}"), stage => stage.Client.SendAsync(stage.Good)),
        Odd("a negative Content-Length", Ends.Result, Head(200, "Content-Length: -1"), stage => stage.Client.SendAsync(stage.Good)),
        Odd("an HTTP/1.0 response without a length", Ends.Result, stage => stage.Client.SendAsync($"HTTP/1.0 200 OK\r\n\r\n{stage.Good}")),
        Odd("extra bytes after the response", Ends.Result, Good, Send(Canary.Echo)),
        Odd("100 Continue, then the response", Ends.Result, Send("HTTP/1.1 100 Continue\r\n\r\n"), Good),
        Odd("102 and 103, then the response", Ends.Result, Send($"HTTP/1.1 102 Processing\r\n\r\n{EarlyHints}"), Good),
        Odd("103, then 500", Ends.Status(500, "BAD_REQUEST"), Send(EarlyHints), Respond(500, BadRequest)),
        Cut("100 Continue, then closed", Send("HTTP/1.1 100 Continue\r\n\r\n")),
    ];

    private const string EarlyHints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";

    private static FaultRow Late(string name, params Step[] steps) => Row(name, Ends.TimedOut, Maybe, 1, [Take, .. steps, TimeIsOver, Hold]);

    // Certain to be in the body, and not before it, when the time is over.
    private static FaultRow LateBody(string name, params Step[] steps) => Late(name, [.. steps, HeadersArrived]) with { Http = Scene.Watched };

    private static string Long(int length) => string.Concat(Enumerable.Repeat(Canary.Echo + " ", (length / Canary.Echo.Length) + 1));
}
