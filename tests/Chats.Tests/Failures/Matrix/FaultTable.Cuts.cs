using System.Text;

namespace YandexMarket.Chats.Tests.Failures.Matrix;

internal static partial class FaultTable
{
    private static IEnumerable<FaultRow> Cuts() =>
    [
        Cut("closed in the status line", stage => stage.SendAsync("HTTP/1.1 20")),
        Cut("closed in the headers", stage => stage.SendAsync($"HTTP/1.1 200 {Canary.Echo}\r\nX-Echo: {Canary.Echo}")),
        Cut("closed before the body", stage => stage.HeadAsync(200, "Content-Length: 15")),
        Cut("closed in the body", stage => stage.RespondAsync(200, stage.Good[..9], stage.Good.Length)),
        Cut("closed one byte before the end of the body", stage => stage.RespondAsync(200, stage.Good, Encoding.UTF8.GetByteCount(stage.Good) + 1)),
        Cut("closed in a chunk", stage => stage.RawChunksAsync(200, "ff\r\n{\"status\":\"OK\"}")),
        Cut("closed between chunks", stage => stage.ChunksAsync(200, stage.Good[..9])),
        Cut("closed where the last chunk is missing", stage => stage.ChunksAsync(200, stage.Good)),
        Cut("reset in the headers", async stage =>
        {
            await stage.SendAsync($"HTTP/1.1 200 {Canary.Echo}\r\n");
            stage.Client.Reset();
        }),
        Cut("reset in the body", async stage =>
        {
            await stage.RespondAsync(200, stage.Good[..9], stage.Good.Length);
            await stage.Scene.HeadersArrived;
            stage.Client.Reset();
        }) with { Http = Scene.Watched },
        Row("TLS, and closed in the body", Ends.Lost, Maybe, 1, async stage =>
        {
            await stage.Client.SecureAsync(SelfSigned.Certificate);
            await stage.TakeAsync();
            await stage.RespondAsync(200, stage.Good[..9], stage.Good.Length);
        }) with { Http = Scene.Trusting, Address = Secure },
        Odd("closed in a body without a length", Ends.Unclear(), stage => stage.UntilClosedAsync(200, stage.Good[..9])),
        Odd("gzip that ends early", Ends.Unclear(), stage => stage.RespondAsync(200, Gzip(stage.Good)[..^12], "Content-Encoding: gzip")),
    ];

    private static FaultRow Cut(string name, Func<Stage, Task> script) => Row(name, Ends.Lost, Maybe, 1, async stage =>
    {
        await stage.TakeAsync();
        await script(stage);
    });
}
