using System.IO.Compression;
using System.Text;

namespace YandexMarket.Chats.Tests.Failures.Matrix;

internal static partial class FaultTable
{
    private static IEnumerable<FaultRow> Deadlines() =>
    [
        Late("the time is over before the response", _ => Task.CompletedTask),
        Late("the time is over in the status line", stage => stage.SendAsync("HTTP/1.1 2")),
        Late("the time is over in the headers", stage => stage.SendAsync($"HTTP/1.1 200 {Canary.Echo}\r\nX-Echo: {Canary.Echo}")),
        Late("the time is over after 100 Continue", stage => stage.SendAsync("HTTP/1.1 100 Continue\r\n\r\n")),
        LateBody("the time is over before the body", stage => stage.HeadAsync(200, "Content-Length: 15")),
        LateBody("the time is over in a body with a length", stage => stage.RespondAsync(200, stage.Good[..^1], Encoding.UTF8.GetByteCount(stage.Good))),
        LateBody("the time is over in a body without a length", stage => stage.UntilClosedAsync(200, stage.Good[..^1])),
        LateBody("the time is over in the size of a chunk", stage => stage.RawChunksAsync(200, $"5\r\n{stage.Good[..5]}\r\na")),
        LateBody("the time is over in a chunk", stage => stage.RawChunksAsync(200, "ff\r\n{\"status\":")),
        LateBody("the time is over where the last chunk is missing", stage => stage.ChunksAsync(200, stage.Good)),
        LateBody("the time is over in a gzip body", async stage =>
        {
            var zipped = Gzip(stage.Good);
            await stage.HeadAsync(200, "Content-Encoding: gzip", $"Content-Length: {zipped.Length}");
            await stage.Client.SendAsync(zipped.AsMemory(0, zipped.Length - 9));
        }),
        Row("headers drip, one byte a second", Ends.TimedOut, Maybe, 1, async stage =>
        {
            await stage.TakeAsync();
            await stage.DripAsync("HTTP/1.1 200 OK\r\n");
            await stage.Client.HoldAsync();
        }),
        Row("a body drips, one byte a second", Ends.TimedOut, Maybe, 1, async stage =>
        {
            await stage.TakeAsync();
            await stage.HeadAsync(200, "Content-Length: 100");
            await stage.DripAsync("{\"status\":\"OK\",");
            await stage.Client.HoldAsync();
        }),
        Row("100 Continue again and again, one a second", Ends.TimedOut, Maybe, 1, async stage =>
        {
            await stage.TakeAsync();
            for (var i = 0; i < 15; i++)
            {
                await stage.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
                await Task.Run(() => stage.Scene.Clock.Advance(TimeSpan.FromSeconds(1)));
            }

            await stage.Client.HoldAsync();
        }),
        Row("a slow answer that is whole just in time", Ends.Result, Not, 1, async stage =>
        {
            await stage.TakeAsync();
            await stage.HeadAsync(200, $"Content-Length: {Encoding.UTF8.GetByteCount(stage.Good)}");
            await stage.DripAsync(stage.Good[..14]);
            await stage.SendAsync(stage.Good[14..]);
        }),
    ];

    private static FaultRow Late(string name, Func<Stage, Task> script) => Row(name, Ends.TimedOut, Maybe, 1, async stage =>
    {
        await stage.TakeAsync();
        await script(stage);
        await stage.TimeIsOverAsync();
    });

    // Certain to be in the body, and not before it, when the time is over.
    private static FaultRow LateBody(string name, Func<Stage, Task> script) => Row(name, Ends.TimedOut, Maybe, 1, async stage =>
    {
        await stage.TakeAsync();
        await script(stage);
        await stage.TimeIsOverInBodyAsync();
    }) with
    { Http = Scene.Watched };

    private static byte[] Gzip(string text) => Compress(text, to => new GZipStream(to, CompressionLevel.Fastest));

    private static byte[] Compress(string text, Func<Stream, Stream> into)
    {
        using var compressed = new MemoryStream();
        using (var stream = into(compressed))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }
}
