namespace YandexMarket.Chats.Tests.Failures.Matrix;

internal static partial class FaultTable
{
    // Each after a good call over the same client, whose connection is kept.
    private static IEnumerable<FaultRow> Reuse() =>
    [
        Again("closed while nobody used it", Ends.Result, Not, 1, stage => stage.Client.EndAsync()),
        Again("reset while nobody used it", Ends.Result, Not, 1, stage =>
        {
            stage.Client.Reset();
            return Task.CompletedTask;
        }),
        Again("a response that nobody asked for lies in it", Ends.Result, Not, 1, stage => stage.RespondAsync(200, stage.Good)),
        // .NET repeats the read by itself on another connection; the send has another one from the start.
        ClosedWhenTheNextRequestHasCome with { Send = Ends.Result, MayHaveBeenSent = Not, SendSeen = 1 },
        // .NET never repeats a send.
        ClosedWhenTheNextRequestHasCome with
        {
            Name = "closed when the next request has come, with ReuseConnectionsForSends",
            Options = (options, _) => options.ReuseConnectionsForSends = true,
        },
        Row("reset when the next request has come", Ends.Lost, Maybe, 1, async stage =>
        {
            await stage.GoodCallFirstAsync();
            stage.Scene.GoodCallOver.TrySetResult();
            await Reset(stage, stage.TakeAsync);
        }) with { AfterGoodCall = true },
        Row("the next answer breaks off", Ends.Lost, Maybe, 1, async stage =>
        {
            await stage.GoodCallFirstAsync();
            stage.Scene.GoodCallOver.TrySetResult();
            await stage.TakeAsync();
            await stage.RespondAsync(200, stage.Good, statedLength: 1000);
        }) with { AfterGoodCall = true },
    ];

    private static FaultRow ClosedWhenTheNextRequestHasCome => new("closed when the next request has come", async stage =>
    {
        if (await stage.GoodCallFirstAsync())
        {
            stage.Scene.GoodCallOver.TrySetResult();
            await stage.TakeAsync();
            return;
        }

        await stage.TakeAsync();
        await stage.RespondAsync(200, stage.Good);
    }, Ends.Result, Ends.Lost, Maybe, 2, 1)
    { AfterGoodCall = true };

    /// <summary>What happens to the connection after the good call; the next call finds a good server on another one.</summary>
    private static FaultRow Again(string name, Ends ends, bool maybe, Seen seen, Func<Stage, Task> afterwards) => Row(name, ends, maybe, seen, async stage =>
    {
        if (await stage.GoodCallFirstAsync())
        {
            await stage.Scene.GoodCallEnded.Task;
            var happening = afterwards(stage);
            stage.Scene.GoodCallOver.SetResult();
            await happening;
            return;
        }

        await stage.TakeAsync();
        await stage.RespondAsync(200, stage.Good);
    }) with
    { AfterGoodCall = true };
}
