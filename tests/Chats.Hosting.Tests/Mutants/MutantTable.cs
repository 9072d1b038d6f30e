using YandexMarket.Chats.Hosting.Tests.Surroundings;
using static YandexMarket.Chats.Hosting.Tests.Mutants.Noticer;

namespace YandexMarket.Chats.Hosting.Tests.Mutants;

/// <summary>The rules of Chats.Hosting, each broken once. Add new rules here, with the test that detects a violation.</summary>
internal static partial class MutantTable
{
    private const string Retry = "Pipeline/RetryHandler.cs";
    private const string Rules = "Pipeline/RetryRules.cs";

    /// <summary>
    /// The request is prepared for a retry, whatever the response. By reflection, because the client itself does so only after a rejection by the
    /// network.
    /// </summary>
    private const string Pretend = """
        if (request.Content is { } sent)
        {
            typeof(ChatsRequest).GetMethod("SetBody", (System.Reflection.BindingFlags)36)!.Invoke(request, [sent.GetType().GetMethod("CloneForRetry")!.Invoke(sent, null)]);
        }

        """;

    public static IEnumerable<Mutant> All => [.. Places, .. Hours, .. Orders, .. Texts, .. Times];

    private static Mutant[] Texts =>
    [
        new("a send is retried after any error, as if it had been rejected", Promises("the text was taken"),
            new Edit(Retry, "request.PrepareForRetry(response);", Pretend),
            new Edit(Rules, "(operation.IsRead && status is 408", "(status is 408")),
        new("an attempt without a response is forgotten", Promises("the text was taken"),
            new Edit(Retry, "request.KeepUntilEnd(null);\n", "request.KeepUntilEnd(null);" + Pretend)),
        new("an attempt without a response is forgotten, but not retried", Promises("the client says not sent"),
            new Edit(Retry, "request.KeepUntilEnd(null);\n", "request.KeepUntilEnd(null);" + Pretend),
            new Edit(Rules, "else if (!NetworkFailure", "else if (!request.Operation.IsRead || !NetworkFailure")),
        new(
            "an outer retry handler holds its permit while it waits for another",
            Test<CustomLimiterTests>(nameof(CustomLimiterTests.A_retry_handler_around_ours_holds_no_permit_while_it_waits_for_another)),
            new Edit(Retry, "request.BeginAttempt();", "")),
        new(
            "a primary handler that is a chain may send a text twice",
            Test<SurroundingTests>(nameof(SurroundingTests.A_call_has_the_outcome_in_the_table) +
                "(A message handler resends: the same request, in a primary handler that is a chain, after a 503 and before a 420; false)"),
            new Edit("Registration/PrimaryHandler.cs", "&& !IsPrimary(next))", "&& next.GetType().Assembly == typeof(RetryHandler).Assembly)")),
        new(
            "a copy of the text that a handler keeps may be sent again",
            Test<SurroundingTests>(nameof(SurroundingTests.A_call_has_the_outcome_in_the_table) +
                "(A message handler resends: the same request, inside our retries and with a handler that reads the body, after a 500; false)"),
            new Edit("Registration/PrimaryHandler.cs", "() => last.InnerHandler = new ChatsSendOnceHandler(last.InnerHandler!)", "() => { }")),
        new(
            "a text that cannot be sent again is retried",
            Test<RetryTests>(nameof(RetryTests.A_text_that_is_rejected_and_then_accepted_is_retried_only_if_no_handler_replaced_it) + "(wraps it; 0; false)"),
            new Edit(Rules, "|| request.MayHaveBeenSent)", "|| (request.MayHaveBeenSent && attempt.Response is null))")),
    ];

    private static Mutant[] Times =>
    [
        new("the network is not told that the call ended", Promises("ended"),
            new Edit(Retry, "attemptTimeout?.Token ?? cancellationToken;", "CancellationToken.None;")),
        new("the queue is not told that the call ended", Promises("it ended later than it was canceled"),
            new Edit(Business, "cancellationToken.Register(", "CancellationToken.None.Register(")),
        new("a call that has ended stays in the queue", Promises("has lost a permit"),
            new Edit(Business, "_queue.Remove(attempt)", "_queue.Contains(attempt)")),
        new("a queued attempt waits twice as long as it may", Promises("it waited longer"),
            new Edit(Business, "maxWait - clock", "maxWait + maxWait - clock")),
        new("the timeout of an attempt starts while it waits for its permit", Promises("it was abandoned before it had a permit"),
            new Edit(
                Retry,
                "gate.EnterAsync(request, cancellationToken)",
                "gate.EnterAsync(request, new CallTimeout(options.AttemptTimeout, _clock, cancellationToken).Token)")),
    ];
}

/// <summary>A piece of the source of Chats.Hosting, found by its text, and its replacement in the mutant.</summary>
internal sealed record Edit(string File, string Words, string Broken);

/// <summary>What detects it: a test of this project, as <c>name(argument; argument)</c>, with words of its message.</summary>
internal sealed record Noticer(string Fixture, string Name, string Words)
{
    public static Noticer Promises(string words) =>
        new(typeof(ScheduleTests).FullName!, nameof(ScheduleTests.No_schedule_breaks_a_promise) + "(4000; false)", words);

    public static Noticer Businesses(string words) =>
        new(typeof(ScheduleTests).FullName!, nameof(ScheduleTests.Businesses_do_not_affect_each_other) + "(4000; false)", words);

    public static Noticer Test<TFixture>(string test) => new(typeof(TFixture).FullName!, test, "");
}

/// <summary>A rule that is broken in the source of Chats.Hosting.</summary>
internal sealed record Mutant(string Rule, Noticer Noticer, params Edit[] Edits)
{
    public override string ToString() => Rule;
}
