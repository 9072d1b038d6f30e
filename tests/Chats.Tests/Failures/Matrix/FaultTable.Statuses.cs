namespace YandexMarket.Chats.Tests.Failures.Matrix;

internal static partial class FaultTable
{
    private static IEnumerable<FaultRow> Statuses() =>
    [
        Odd("201 with OK", Ends.Result, stage => stage.RespondAsync(201, stage.Good)),
        Odd("206 with OK", Ends.Result, stage => stage.RespondAsync(206, stage.Good, "Content-Range: bytes 0-14/15")),
        Odd("204", Ends.Unclear(204), stage => stage.HeadAsync(204)),
        Odd("205 without a body", Ends.Unclear(205), stage => stage.RespondAsync(205, "")),
        Row("101, then silence", Ends.Status(101), Maybe, 1, async stage =>
        {
            await stage.TakeAsync();
            await stage.HeadAsync(101, "Connection: Upgrade", "Upgrade: websocket");
            await stage.TimeIsOverInBodyAsync();
        }) with { Http = Scene.Watched },
        .. new[] { 300, 301, 302, 303, 304, 305, 307, 308 }.Select(status => Status(status, Maybe, "to another server, which is not called",
            stage => stage.HeadAsync(status, $"Location: {stage.Scene.Elsewhere.Address}", "Content-Length: 0"))),
        Status(401, Not, "that asks for a password", stage => stage.HeadAsync(401, "WWW-Authenticate: Basic realm=\"a\"", "Content-Length: 0")),
        Status(407, Maybe, "that asks for a password", stage => stage.HeadAsync(407, "Proxy-Authenticate: Basic realm=\"a\"", "Content-Length: 0")),
        Status(408, Maybe, "that asks to repeat", stage => stage.HeadAsync(408, "Connection: close", "Content-Length: 0")),
        Status(425, Maybe, "that asks to repeat", stage => stage.HeadAsync(425, "Content-Length: 0")),
        Status(503, Maybe, "that asks to repeat", stage => stage.HeadAsync(503, "Retry-After: 0", "Content-Length: 0")),
        .. new[] { 400, 403, 404, 405, 410, 413, 415, 422, 451 }.Select(status => Status(status, Not, "", stage => stage.RespondAsync(status, BadRequest), "BAD_REQUEST")),
        .. new[] { 409, 418, 499, 500, 502, 504, 599, 600, 999 }.Select(status => Status(status, Maybe, "", stage => stage.RespondAsync(status, BadRequest), "BAD_REQUEST")),
        .. new[] { 420, 429 }.Select(status =>
            Row($"{status}", Ends.Limited(status, "BAD_REQUEST"), Not, 1, async stage =>
            {
                await stage.TakeAsync();
                await stage.RespondAsync(status, BadRequest, $"X-RateLimit-Resource-Until: {Canary.Echo}", $"X-RateLimit-Resource-Limit: {Canary.Echo}");
            })),
    ];

    private static FaultRow Status(int status, bool maybe, string what, Func<Stage, Task> script, string codes = "") =>
        Row($"{status} {what}".Trim(), Ends.Status(status, codes), maybe, 1, async stage =>
        {
            await stage.TakeAsync();
            await script(stage);
        });
}
