namespace YandexMarket.Chats.Tests.Failures.Matrix;

internal static partial class FaultTable
{
    private static IEnumerable<FaultRow> Forms() =>
    [
        Cut("garbage in place of HTTP", stage => stage.SendAsync($"{Canary.Echo}\0\u0001\r\n\r\n")),
        Cut("a page of HTML without a head", stage => stage.SendAsync($"<html><body>{Canary.Echo}</body></html>\n")),
        Cut("a TLS alert on a plain connection", stage => stage.Client.SendAsync(new byte[] { 0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46, 0x0a })),
        Cut("a status line without a status", stage => stage.SendAsync($"HTTP/1.1 {Canary.Echo}\r\n\r\n")),
        Cut("a status of two digits", stage => stage.SendAsync($"HTTP/1.1 42 {Canary.Echo}\r\n\r\n")),
        Cut("a status of four digits", stage => stage.SendAsync($"HTTP/1.1 2000 {Canary.Echo}\r\n\r\n")),
        Cut("a header without a colon", stage => stage.SendAsync($"HTTP/1.1 200 OK\r\n{Canary.Echo}\r\n\r\n")),
        Cut("a header of 1 MiB", stage => stage.SendAsync($"HTTP/1.1 200 OK\r\nX-Echo: {Long(1 << 20)}\r\n\r\n")),
        Cut("a status line of 1 MiB", stage => stage.SendAsync($"HTTP/1.1 200 {Long(1 << 20)}\r\n\r\n")),
        Cut("10,000 headers", stage => stage.HeadAsync(200, [.. Enumerable.Range(0, 10_000).Select(i => $"X-Echo-{i}: {Canary.Echo}")])),
        Cut("the size of a chunk is not a number", stage => stage.RawChunksAsync(200, $"{Canary.Echo}\r\n{stage.Good}\r\n0\r\n\r\n")),
        Cut("the size of a chunk is negative", stage => stage.RawChunksAsync(200, $"-f\r\n{stage.Good}\r\n0\r\n\r\n")),
        Cut("the size of a chunk is more than a number holds", stage => stage.RawChunksAsync(200, $"{new string('f', 17)}\r\n{stage.Good}\r\n0\r\n\r\n")),
        Cut("a chunk is longer than its size", stage => stage.RawChunksAsync(200, $"5\r\n{stage.Good}\r\n0\r\n\r\n")),
        Cut("Content-Length is more than there is", stage => stage.RespondAsync(200, stage.Good, statedLength: 1000)),
        Odd("Content-Length is less than there is", Ends.Unclear(), stage => stage.RespondAsync(200, stage.Good, statedLength: 10)),
        Odd("Content-Length of 2^63 - 1", Ends.Unclear(), stage => stage.RespondAsync(200, stage.Good, long.MaxValue)),
        Odd("Content-Length is not a number", Ends.Result, async stage =>
        {
            await stage.HeadAsync(200, $"Content-Length: {Canary.Echo}");
            await stage.SendAsync(stage.Good);
        }),
        Odd("Content-Length is negative", Ends.Result, async stage =>
        {
            await stage.HeadAsync(200, "Content-Length: -1");
            await stage.SendAsync(stage.Good);
        }),
        Odd("a response of HTTP/1.0 without a length", Ends.Result, stage => stage.SendAsync($"HTTP/1.0 200 OK\r\n\r\n{stage.Good}")),
        Odd("more bytes follow the response", Ends.Result, async stage =>
        {
            await stage.RespondAsync(200, stage.Good);
            await stage.SendAsync(Canary.Echo);
        }),
        Odd("100 Continue, then the response", Ends.Result, async stage =>
        {
            await stage.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await stage.RespondAsync(200, stage.Good);
        }),
        Odd("102 and 103, then the response", Ends.Result, async stage =>
        {
            await stage.SendAsync("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
            await stage.RespondAsync(200, stage.Good);
        }),
        Odd("103, then 500", Ends.Status(500, "BAD_REQUEST"), async stage =>
        {
            await stage.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
            await stage.RespondAsync(500, BadRequest);
        }),
        Cut("100 Continue, then closed", stage => stage.SendAsync("HTTP/1.1 100 Continue\r\n\r\n")),
    ];

    // Where a send ends with an exception at all, the message may have been sent.
    private static FaultRow Odd(string name, Ends ends, Func<Stage, Task> script) => Row(name, ends, ends.Exception is not null, 1, async stage =>
    {
        await stage.TakeAsync();
        await script(stage);
    });

    private static string Long(int length) => string.Concat(Enumerable.Repeat(Canary.Echo + " ", (length / Canary.Echo.Length) + 1));
}
