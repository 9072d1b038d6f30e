using static YandexMarket.Chats.Hosting.Tests.Mutants.Noticer;

namespace YandexMarket.Chats.Hosting.Tests.Mutants;

/// <summary>The rules of Chats.Hosting, each broken once. A new rule belongs here, with whoever notices that it is broken.</summary>
internal static partial class MutantTable
{
    private const string Retry = "Pipeline/RetryHandler.cs";
    private const string Rules = "Pipeline/RetryRules.cs";
    private const string Registration = "Registration/Registration.cs";

    /// <summary>The request is handled as refused, whatever the response.</summary>
    private const string Pretend = "request.PrepareForRetry(new HttpResponseMessage((System.Net.HttpStatusCode)420) { RequestMessage = response.RequestMessage });";

    public static IEnumerable<Mutant> All => [.. Places, .. Hours, .. Orders, .. Texts, .. Times];

    private static Mutant[] Texts =>
    [
        new("a send is retried after any error, as if it had been refused", Promises("the text was taken"),
            new Edit(Retry, "request.PrepareForRetry(response);", Pretend),
            new Edit(Rules, "(operation.IsRead && status is 408", "(status is 408")),
        new("an attempt without a response is forgotten", Promises("the text was taken"),
            new Edit(Retry, "request.KeepUntilEnd(null);\n", "request.KeepUntilEnd(null); var response = new HttpResponseMessage();" + Pretend)),
        new("an attempt without a response is forgotten, but not retried", Promises("the client says not sent"),
            new Edit(Retry, "request.KeepUntilEnd(null);\n", "request.KeepUntilEnd(null); var response = new HttpResponseMessage();" + Pretend),
            new Edit(Rules, "else if (NetworkFailure", "else if (request.Operation.IsRead && NetworkFailure")),
        new(
            "a copy of the text that a handler keeps may go out again",
            Test<ForeignRetryTests>(nameof(ForeignRetryTests.One_beside_a_handler_that_reads_the_text) + "(false)"),
            new Edit(Registration, "handlers.AdditionalHandlers.Add(new ChatsSendOnceHandler());", "")),
        new(
            "a text that cannot be sent again is retried",
            Test<BodyReaderTests>(nameof(BodyReaderTests.A_refused_text_that_is_part_of_another_body_is_left_to_the_caller)),
            new Edit(Rules, "if (request.MayHaveBeenSent)", "if (request.MayHaveBeenSent && attempt.Response is null)")),
    ];

    private static Mutant[] Times =>
    [
        new("the network does not hear of the call's end", Promises("ended"),
            new Edit(Retry, "attemptTimeout?.Token ?? cancellationToken;", "CancellationToken.None;")),
        new("the queue does not hear of the call's end", Promises("it ended later than it was cancelled"),
            new Edit(Waiting, "cancellationToken.CanBeCanceled", "false")),
        new("a call that has gone stays in the queue", Promises("has lost a place"),
            new Edit(Business, "TakeOut(waiter);", "")),
        new("a queued attempt waits twice as long as it may", Promises("it waited longer"),
            new Edit(Waiting, "this, maxWait, Timeout", "this, maxWait + maxWait, Timeout")),
        new("the time of an attempt begins while it waits for its place", Promises("it was abandoned before it had a place"),
            new Edit(
                Retry,
                "gate.EnterAsync(request, cancellationToken)",
                "gate.EnterAsync(request, new CallTimeout(options.AttemptTimeout, _clock, cancellationToken).Token)")),
    ];
}
