using System.Text;

namespace YandexMarket.Chats.Tests.Failures.Matrix;

internal static partial class FaultTable
{
    // Once a status other than 2xx has arrived, it decides: 404 for certainty, 500 for doubt.
    private static IEnumerable<FaultRow> ErrorBodies() =>
    [
        .. Broken("an empty body", (stage, status) => stage.RespondAsync(status, "")),
        .. Broken("a page of HTML", (stage, status) => stage.RespondAsync(status, $"<html>{Canary.Echo}</html>")),
        .. Broken("JSON that is none", (stage, status) => stage.RespondAsync(status, $$"""{"status":"ERROR","errors":[{"code":{{Canary.Echo}}"""))  ,
        .. Broken("JSON in UTF-16", (stage, status) => stage.RespondAsync(status, Encoding.Unicode.GetBytes(BadRequest), "Content-Type: application/json; charset=utf-16")),
        .. Broken("a body longer than allowed", (stage, status) => stage.RespondAsync(status, $"\"{Long(1 << 20)}\"")),
        .. Broken("a body longer than allowed, without a length", (stage, status) => stage.UntilClosedAsync(status, $"\"{Long(1 << 20)}\"")),
        .. Broken("a cut body", (stage, status) => stage.RespondAsync(status, BadRequest, statedLength: 1000)),
        .. Broken("a body that is reset", StatusThenReset).Select(row => row with { Http = Scene.Watched }),
        .. Broken("a malformed chunk", (stage, status) => stage.RawChunksAsync(status, $"{Canary.Echo}\r\n{BadRequest}\r\n0\r\n\r\n")),
        .. Broken("gzip that lies", (stage, status) => stage.RespondAsync(status, BadRequest, "Content-Encoding: gzip")),
        .. Broken("a body that stalls", async (stage, status) =>
        {
            await stage.RespondAsync(status, BadRequest, statedLength: 1000);
            await stage.TimeIsOverInBodyAsync();
        }).Select(row => row with { Http = Scene.Watched }),
        Row("420 and a body that stalls", Ends.Limited(420), Not, 1, async stage =>
        {
            await stage.TakeAsync();
            await stage.RespondAsync(420, BadRequest, statedLength: 1000);
            await stage.TimeIsOverInBodyAsync();
        }) with { Http = Scene.Watched },
        Status(400, Not, "with a text in place of a code", stage => stage.RespondAsync(400,
            $$"""{"status":"ERROR","errors":[{"code":"{{Canary.Text}}"},{"code":"{{Canary.Key}}"}]}"""), $"{Canary.Text}, {Canary.Key}"),
        Status(500, Maybe, "with a very long code", stage => stage.RespondAsync(500,
            $$"""{"status":"ERROR","errors":[{"code":"{{LongCode}}"}]}"""), LongCode),
    ];

    private static string LongCode => string.Concat(Enumerable.Repeat("TEXTCANARY", 7));

    private static IEnumerable<FaultRow> Broken(string what, Func<Stage, int, Task> script) =>
    [
        Status(404, Not, $"and {what}", stage => script(stage, 404)),
        Status(500, Maybe, $"and {what}", stage => script(stage, 500)),
    ];
}
