namespace YandexMarket.Chats.Tests.Failures.Matrix;

internal static partial class FaultTable
{
    private static readonly ClosedPort _nobody = new();

    // .NET itself retries a read up to three times.
    private static Seen UpToFour => new(1, 4);

    // 24 KiB on the wire: more than fits into the small buffers of these rows.
    private static string LongText => new('\u0001', 4096);

    private static IEnumerable<FaultRow> Connecting() =>
    [
        Row("the key provider never completes", Ends.TimedOut, Not, 0) with
        {
            Options = (options, scene) =>
            {
                options.ApiKey = null;
                options.ApiKeyProvider = async ignored =>
                {
                    _ = scene.TimeIsOverAsync();
                    await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
                    return Canary.Key;
                };
            },
        },
        Row("the host name cannot be resolved", Ends.Lost, Not, 0) with { Address = _ => new Uri("https://chats.invalid/v2/") },
        Row("the connection is refused", Ends.Lost, Not, 0) with { Address = _ => _nobody.Address },
        Row("timeout while connecting", Ends.TimedOut, Not, 0) with { Http = Scene.NeverConnecting },
        Row("the proxy refuses to connect", Ends.Lost, Not, 0, TakeHead, Head(502, "Content-Length: 0")) with
        {
            Http = Scene.Proxied,
            Address = _ => new Uri("https://chats.invalid/v2/"),
        },
        Handshake("TLS to a port that speaks plain HTTP", Ends.Lost, TakeBytes(20), Respond(400, Canary.Echo), Reset),
        Handshake("TLS with an untrusted certificate", Ends.Lost, Secured),
        // .NET continues the handshake for five more seconds, for other requests.
        Handshake("TLS: timeout during the handshake", Ends.TimedOut, TakeBytes(20), TimeIsOver, Reset),
        Handshake("TLS: an alert instead of the handshake", Ends.Lost,
            TakeBytes(20), stage => stage.Client.SendAsync(new byte[] { 0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28 })),
        Handshake("TLS: closed during the handshake", Ends.Lost, TakeBytes(20)),
        Handshake("TLS: reset during the handshake", Ends.Lost, TakeBytes(20), Reset),
    ];

    private static IEnumerable<FaultRow> Sending() =>
    [
        // Before a byte has come, the client may not have begun: then it rightly says that nothing was sent.
        Row("closed before the request is read", Ends.Lost, Maybe, 1, stage => stage.Client.ArrivedAsync()) with { ReadSeen = UpToFour },
        Row("reset before the request is read", Ends.Lost, Maybe, 0, stage => stage.Client.ArrivedAsync(), Reset),
        Row("reset within the request headers", Ends.Lost, Maybe, 0, TakeBytes(20), Reset),
        Row("reset after the request headers", Ends.Lost, Maybe, 0, TakeHead, Reset),
        Row("reset after the request", Ends.Lost, Maybe, 1, Take, Reset),
        Row("closed within the request headers", Ends.Lost, Maybe, 1, TakeBytes(20)) with { ReadSeen = UpToFour },
        Row("closed after the request headers", Ends.Lost, Maybe, 1, TakeHead) with { ReadSeen = UpToFour },
        Row("closed after the request", Ends.Lost, Maybe, 1, Take) with { ReadSeen = UpToFour },
        Row("TLS: reset after the request", Ends.Lost, Maybe, 1, Secured, Take, Reset) with { Http = Scene.Trusting, Address = Secure },
        Row("TLS: closed after the request", Ends.Lost, Maybe, 1, Secured, Take) with
        {
            Http = Scene.Trusting,
            Address = Secure,
            ReadSeen = UpToFour,
        },
        Row("Expect: 100-continue, then closed", Ends.Lost, Not, 0, TakeHead) with { Http = Scene.Asking, ReadSeen = UpToFour },
        Row("Expect: 100-continue, then reset", Ends.Lost, Not, 0, TakeHead, Reset) with { Http = Scene.Asking },
        // .NET sends a small body nevertheless, to keep the connection.
        Row("Expect: 100-continue, then 417", Ends.Status(417), Not, 1, TakeHead, Respond(417, "")) with { Http = Scene.Asking },
        Row("Expect: 100-continue, 100 Continue, then reset", Ends.Lost, Maybe, 1,
            TakeHead, Send("HTTP/1.1 100 Continue\r\n\r\n"), Take, Reset) with { Http = Scene.Asking },
        // .NET does not send a body of more than 1,024 bytes after a rejection, so nothing stops the second attempt.
        Row("Expect: 100-continue, 100 Continue, then reset; a handler retries, and 420 comes before the text", Ends.Limited(420), Maybe, 1, async stage =>
        {
            await TakeHead(stage);
            if (stage.IsFirst)
            {
                await stage.Client.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
                await Take(stage);
                await Reset(stage);
                return;
            }

            await Respond(420, "")(stage);
        }) with
        { Http = Scene.AskingTwice, Text = string.Concat(Enumerable.Repeat(Canary.Text, 50)), ReadSeen = 2 },
        Row("the client is disposed after the request", Ends.Lost, Maybe, 1, Take, stage => Task.Run(stage.Scene.Client!.Dispose), Hold),
        Row("timeout while the server reads the request", Ends.TimedOut, Maybe, 1, TakeBytes(1), TimeIsOver, Hold),
        Row("timeout while a long request is sent", Ends.TimedOut, Maybe, 1, TakeBytes(20), TimeIsOver, Hold) with
        {
            Http = Scene.SmallBuffered,
            ReceiveBuffer = 2048,
            Text = LongText,
            SendSeen = 0,
        },
        // .NET reads the response only after the complete request has been sent.
        Row("400 before a long request is read, then silence", Ends.Status(400, "BAD_REQUEST"), Maybe, new Seen(0, 1),
            TakeBytes(20), Respond(400, BadRequest), stage => stage.Scene.IsRead ? HeadersArrived(stage) : TimeIsOver(stage)) with
        {
            Send = Ends.TimedOut,
            Http = Scene.SmallBuffered,
            ReceiveBuffer = 2048,
            Text = LongText,
        },
        Row("200 OK before the request is read", Ends.Result, Not, 1, Good),
        Row("400 before the request is read", Ends.Status(400, "BAD_REQUEST"), Not, 1, Respond(400, BadRequest)),
        Row("500 before the request is read", Ends.Status(500, "BAD_REQUEST"), Maybe, 1, Respond(500, BadRequest)),
        Row("400 before the request is read, then reset", Ends.Status(400), Not, 0, Unfinished(400), HeadersArrived, Reset) with { Http = Scene.Watched },
        Row("500 before the request is read, then reset", Ends.Status(500), Maybe, 0, Unfinished(500), HeadersArrived, Reset) with { Http = Scene.Watched },
        Row("200 before the request is read, then reset", Ends.Lost, Maybe, 0, Unfinished(200), HeadersArrived, Reset) with { Http = Scene.Watched },
    ];

    // Each after a good call over the same client, whose connection is kept.
    private static IEnumerable<FaultRow> Reuse() =>
    [
        Again("closed while idle", stage => stage.Client.EndAsync()),
        Again("reset while idle", Reset),
        Again("an unsolicited response arrived on it", Good),
        // .NET itself retries the read on another connection; the send has another one from the start.
        ClosedWhenTheNextRequestHasCome with { Send = Ends.Result, MayHaveBeenSent = Not },
        // .NET never retries a send.
        ClosedWhenTheNextRequestHasCome with
        {
            Name = "closed when the next request arrives, with ReuseConnectionsForSends",
            Options = (options, _) => options.ReuseConnectionsForSends = true,
        },
        Row("reset when the next request arrives", Ends.Lost, Maybe, 1, GoodCallFirst, Take, Reset) with { AfterGoodCall = true },
        Row("the next response is truncated", Ends.Lost, Maybe, 1, GoodCallFirst, Take, stage => stage.RespondAsync(200, stage.Good, statedLength: 1000)) with
        {
            AfterGoodCall = true,
        },
    ];

    private static FaultRow ClosedWhenTheNextRequestHasCome =>
        Row("closed when the next request arrives", Ends.Lost, Maybe, 1, GoodCallFirst, Take, stage => stage.IsFirst ? Task.CompletedTask : Good(stage)) with
        {
            Read = Ends.Result,
            ReadSeen = 2,
            AfterGoodCall = true,
        };

    /// <summary>What happens to the connection after the good call; the next call finds a good server on another one.</summary>
    private static FaultRow Again(string name, Step afterwards) => Row(name, Ends.Result, Not, 1, Take, Good, async stage =>
    {
        if (stage.IsFirst)
        {
            await stage.Scene.GoodCallEnded.Task;
            var happening = afterwards(stage);
            stage.Scene.GoodCallOver.SetResult();
            await happening;
        }
    }) with
    { AfterGoodCall = true };

    /// <summary>Responds to the good call that comes before, on the first connection.</summary>
    private static async Task GoodCallFirst(Stage stage)
    {
        if (stage.IsFirst)
        {
            await Take(stage);
            await Good(stage);
        }

        stage.Scene.GoodCallOver.TrySetResult();
    }

    private static FaultRow Handshake(string name, Ends ends, params Step[] steps) => Row(name, ends, Not, 0, steps) with { Address = Secure };

    private static Uri Secure(Scene scene) => scene.Server.SecureAddress;

    private static Step Unfinished(int status) => stage => stage.RespondAsync(status, BadRequest, statedLength: 1000);
}
