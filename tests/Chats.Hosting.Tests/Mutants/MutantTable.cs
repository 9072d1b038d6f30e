using YandexMarket.Chats.Hosting.Tests.Surroundings;
using static YandexMarket.Chats.Hosting.Tests.Mutants.Noticer;

namespace YandexMarket.Chats.Hosting.Tests.Mutants;

/// <summary>The rules of Chats.Hosting, each broken once. Add new rules here, with the test that detects a violation.</summary>
internal static class MutantTable
{
    private const string Retry = "Pipeline/RetryHandler.cs";
    private const string Rules = "Pipeline/RetryRules.cs";
    private const string Business = "Quota/BusinessLimiter.cs";
    private const string Permit = "Quota/QuotaPermit.cs";
    private const string Limiter = "Quota/QuotaLimiter.cs";
    private const string Hourly = "Quota/HourlyQuota.cs";

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

    private static Mutant[] Places =>
    [
        new("a business has five permits", Promises("more than 4 at once"), new Edit(Business, "MaxConcurrentCalls = 4;", "MaxConcurrentCalls = 5;")),
        new("a permit is released when the response headers arrive", Promises("more than 4 at once"),
            new Edit(Retry, "return new RetryAttempt(response", "request.KeepUntilEnd(null); return new RetryAttempt(response")),
        new("a permit is released twice", Promises("more than 4 at once"), new Edit(Permit, "permits: 1", "permits: 2")),
        new("a permit is never released", Promises("has lost a permit"), new Edit(Permit, "permits: 1", "permits: 0")),
        new("a rejected attempt keeps its permit during the delay before the retry", Test<RetryTests>(nameof(RetryTests.A_call_keeps_no_permit_while_it_waits_to_retry)),
            new Edit(Retry, "ours.KeepUntilEnd(null);", "")),
        new(
            "no call waits after a parallel 420",
            Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.After_a_parallel_420_the_business_pauses_for_half_a_second)),
            new Edit(Business, "_pausedAt = limiter.Clock.GetTimestamp();", "")),
    ];

    private static Mutant[] Hours =>
    [
        new("calls in progress are not counted", Promises("more than the quota"),
            new Edit(Hourly, "Limit - Settled - _inFlight", "Limit - Settled")),
        new("a call without a response is not counted", Promises("more than the quota"),
            new Edit(Hourly, "if (response is null)\n        {\n            _unclear.Enqueue(now);", "if (response is null)\n        {")),
        new("a call that may have been sent is not counted", Promises("more than the quota"),
            new Edit(Retry, "if (WasCertainlyNotSent(request, exception))", "if (true)")),
        new("a response without headers is not counted", Promises("more than the quota"),
            new Edit(Hourly, "else if (IsCounted(response))\n        {\n            _unclear.Enqueue(now);", "else\n        {"),
            new Edit(Hourly, "? 1 : 0;", "? 0 : 0;")),
        new("headers are trusted for calls that were still in flight", Promises("more than the quota"),
            new Edit(Hourly, "ForgetUnclear(permit.GrantedAt - _maxTransitTime)", "ForgetUnclear(now)")),
        new(
            "a new hour forgets calls in flight",
            Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.The_quota_permits) + "(1; 10:59:55, none, 11:00 -> 0)"),
            new Edit(Hourly, "ForgetUnclear(service.ToLocal(end - _hour) - _maxTransitTime)", "_unclear.Clear()")),
        new("a late response of the old hour counts in the new one", Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.A_late_response_of_the_old_hour_does_not_use_up_the_new_one)),
            new Edit(Hourly, "isStale = permit.WindowEnd < WindowEnd", "isStale = false")),
        new("a window ends a second early", Promises("more than the quota"),
            new Edit(Hourly, "if (time >= WindowEnd)", "if (time >= WindowEnd - TimeSpan.FromSeconds(1))")),
        new("the service's clock is not estimated", Promises("more than the quota"),
            new Edit(Hourly, "service.Learn(response?.Date, now);", "")),
        new("a reported count below ours permits calls", Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.The_quota_permits) + "(3; 200 3/3, 200 3/3, 200 3/3 -> 0)"),
            new Edit(Hourly, "Math.Max(_reported + _unclear.Count, _certain)", "_reported + _unclear.Count")),
        new(
            "5xx responses are counted",
            Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.The_quota_permits) + "(1; 503 -> 1)"),
            new Edit(Hourly, "response.StatusCode is not 401 and (< 500 or > 599)", "true")),
        new(
            "a quota that is used up only by our count is not probed",
            Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.The_quota_permits) + "(1; none -> 0, +59 -> 0, +1 -> 1, +60 -> 1)"),
            new Edit(Hourly, "(MayProbe(now) && TimeUntilProbe(now) == TimeSpan.Zero)", "false")),
        new(
            "a quota that the service reported as used up is probed",
            Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.The_quota_permits) + "(5; 200 0/5 -> 0, +120 -> 0, 11:00 -> 5)"),
            new Edit(Hourly, "(_reported < Limit || ", "(_reported <= Limit || ")),
    ];

    private static Mutant[] Orders =>
    [
        new("all businesses share their limits", Businesses("of business 1 ended as"),
            new Edit(Limiter, "BusinessOf(call.BaseAddress, call.BusinessId)", "BusinessOf(call.BaseAddress, 0)")),
        new("the queue is served in reverse order", Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.Attempts_are_served_in_order)),
            new Edit(Business, "_queue.Add(attempt)", "_queue.Insert(0, attempt)")),
        new("newcomers overtake the queue", Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.No_attempt_overtakes_the_queue_when_a_timer_is_late)),
            new Edit(Business, "_queue.Count == 0 ? TryTake(", "_queue.Count >= 0 ? TryTake(")),
    ];

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
            new Edit(Business, "call.MaxWait - clock", "call.MaxWait + call.MaxWait - clock")),
        new("the timeout of an attempt starts while it waits for its permit", Promises("it was abandoned before it had a permit"),
            new Edit(
                Retry,
                "EnterAsync(enterAsync, request, cancellationToken)",
                "EnterAsync(enterAsync, request, new CallTimeout(_options.AttemptTimeout, _clock, cancellationToken).Token)")),
    ];
}

/// <summary>A piece of the source of Chats.Hosting, found by its text, and its replacement in the mutant.</summary>
internal sealed record Edit(string File, string Words, string Broken);

/// <summary>What detects it: a test of this project, as <c>name(argument; argument)</c>, with words of its message.</summary>
internal sealed record Noticer(string Fixture, string Name, string Words)
{
    public static Noticer Promises(string words) =>
        new(typeof(ScheduleTests).FullName!, nameof(ScheduleTests.No_schedule_breaks_a_promise) + "(2000; false)", words);

    public static Noticer Businesses(string words) =>
        new(typeof(ScheduleTests).FullName!, nameof(ScheduleTests.Businesses_do_not_affect_each_other) + "(2000; false)", words);

    public static Noticer Test<TFixture>(string test) => new(typeof(TFixture).FullName!, test, "");
}

/// <summary>A rule that is broken in the source of Chats.Hosting.</summary>
internal sealed record Mutant(string Rule, Noticer Noticer, params Edit[] Edits)
{
    public override string ToString() => Rule;
}
