namespace YandexMarket.Chats.Tests.Failures.Matrix;

internal static partial class FaultTable
{
    // .NET repeats a read three times by itself.
    private static Seen UpToFour => Seen.Between(1, 4);

    // 24 KiB on the wire: more than the small buffers of these rows hold.
    private static string LongText => new('\u0001', 4096);

    private static IEnumerable<FaultRow> Sending() =>
    [
        // Before a byte has come, the client may not have begun: then it rightly says that nothing was sent.
        Row("closed before the request is read", Ends.Lost, Maybe, UpToFour, 1, stage => stage.Client.ArrivedAsync()),
        Row("reset before the request is read", Ends.Lost, Maybe, 0, stage => Reset(stage, stage.Client.ArrivedAsync)),
        Row("reset in the head of the request", Ends.Lost, Maybe, 0, stage => Reset(stage, () => stage.Client.TakeAsync(20))),
        Row("reset after the head of the request", Ends.Lost, Maybe, 0, stage => Reset(stage, () => stage.Client.ReadHeadAsync())),
        Row("reset after the request", Ends.Lost, Maybe, 1, stage => Reset(stage, stage.TakeAsync)),
        Row("closed in the head of the request", Ends.Lost, Maybe, UpToFour, 1, stage => stage.Client.TakeAsync(20)),
        Row("closed after the head of the request", Ends.Lost, Maybe, UpToFour, 1, stage => stage.Client.ReadHeadAsync()),
        Row("closed after the request", Ends.Lost, Maybe, UpToFour, 1, stage => stage.TakeAsync()),
        Row("TLS, and reset after the request", Ends.Lost, Maybe, 1, async stage =>
        {
            await stage.Client.SecureAsync(SelfSigned.Certificate);
            await Reset(stage, stage.TakeAsync);
        }) with { Http = Scene.Trusting, Address = Secure },
        Row("TLS, and closed after the request", Ends.Lost, Maybe, UpToFour, 1, async stage =>
        {
            await stage.Client.SecureAsync(SelfSigned.Certificate);
            await stage.TakeAsync();
        }) with { Http = Scene.Trusting, Address = Secure },
        Row("asked for 100 Continue, closed", Ends.Lost, Not, UpToFour, 0, stage => stage.Client.ReadHeadAsync()) with { Http = Scene.Asking },
        Row("asked for 100 Continue, reset", Ends.Lost, Not, 0, stage => Reset(stage, () => stage.Client.ReadHeadAsync())) with { Http = Scene.Asking },
        // .NET sends a small body nevertheless, to keep the connection.
        Row("asked for 100 Continue, 417", Ends.Status(417), Not, 1, async stage =>
        {
            await stage.Client.ReadHeadAsync();
            await stage.RespondAsync(417, "");
        }) with { Http = Scene.Asking },
        Row("asked for 100 Continue and given, then reset", Ends.Lost, Maybe, 1, async stage =>
        {
            await stage.Client.ReadHeadAsync();
            await stage.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await Reset(stage, stage.TakeAsync);
        }) with { Http = Scene.Asking },
        Row("the client is disposed after the request", Ends.Lost, Maybe, 1, async stage =>
        {
            await stage.TakeAsync();
            stage.Scene.Client!.Dispose();
            await stage.Client.HoldAsync();
        }),
        Row("the time is over while the request is read", Ends.TimedOut, Maybe, 1, async stage =>
        {
            await stage.Client.TakeAsync(1);
            await stage.TimeIsOverAsync();
        }),
        Row("the time is over while a long request goes out", Ends.TimedOut, Maybe, 1, 0, async stage =>
        {
            await stage.Client.TakeAsync(20);
            await stage.TimeIsOverAsync();
        }) with { Http = Scene.SmallBuffered, ReceiveBuffer = 2048, Text = LongText },
        // .NET looks for an answer only when the whole request has gone out.
        Row("400 before a long request is read, then silence", Ends.Status(400, "BAD_REQUEST"), Ends.TimedOut, Maybe, Seen.Between(0, 1), async stage =>
        {
            await stage.Client.TakeAsync(20);
            await stage.RespondAsync(400, BadRequest);
            await (stage.Scene.IsRead ? stage.Scene.HeadersArrived : stage.Scene.TimeIsOverAsync());
        }) with { Http = Scene.SmallBuffered, ReceiveBuffer = 2048, Text = LongText },
        Row("200 OK before the request is read", Ends.Result, Not, 1, stage => stage.RespondAsync(200, stage.Good)),
        Row("400 before the request is read", Ends.Status(400, "BAD_REQUEST"), Not, 1, stage => stage.RespondAsync(400, BadRequest)),
        Row("500 before the request is read", Ends.Status(500, "BAD_REQUEST"), Maybe, 1, stage => stage.RespondAsync(500, BadRequest)),
        Row("400 before the request is read, then reset", Ends.Status(400), Not, 0, stage => StatusThenReset(stage, 400)) with { Http = Scene.Watched },
        Row("500 before the request is read, then reset", Ends.Status(500), Maybe, 0, stage => StatusThenReset(stage, 500)) with { Http = Scene.Watched },
        Row("200 before the request is read, then reset", Ends.Lost, Maybe, 0, stage => StatusThenReset(stage, 200)) with { Http = Scene.Watched },
    ];

    private const string BadRequest =
        $$"""{"status":"ERROR","errors":[{"code":"BAD_REQUEST","message":"rejected value: {{Canary.Text}}, {{Canary.Key}}"}]}""";

    private static async Task Reset(Stage stage, Func<Task> first)
    {
        await first();
        stage.Client.Reset();
    }

    private static async Task StatusThenReset(Stage stage, int status)
    {
        await stage.RespondAsync(status, BadRequest, statedLength: 1000);
        await stage.Scene.HeadersArrived;
        stage.Client.Reset();
    }
}
