using static YandexMarket.Chats.Hosting.Tests.Mutants.Noticer;

namespace YandexMarket.Chats.Hosting.Tests.Mutants;

internal static partial class MutantTable
{
    private const string Business = "Quota/BusinessLimiter.cs";
    private const string Lease = "Quota/QuotaLease.cs";
    private const string Limiter = "Quota/QuotaLimiter.cs";
    private const string Hourly = "Quota/HourlyQuota.cs";

    private static Mutant[] Places =>
    [
        new("a business has five permits", Promises("more than 4 at once"), new Edit(Business, "MaxConcurrentCalls = 4;", "MaxConcurrentCalls = 5;")),
        new("a permit is released when the response headers arrive", Promises("more than 4 at once"),
            new Edit(Retry, "return new RetryAttempt(response", "request.KeepUntilEnd(null); return new RetryAttempt(response")),
        new("a permit is released twice", Promises("more than 4 at once"), new Edit(Lease, "permits: 1", "permits: 2")),
        new("a permit is never released", Promises("has lost a permit"), new Edit(Lease, "permits: 1", "permits: 0")),
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
            new Edit(Hourly, "ForgetUnclear(lease.GrantedAt - _maxTransitTime)", "ForgetUnclear(now)")),
        new(
            "a new hour forgets calls in flight",
            Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.The_quota_permits) + "(1; 10:59:55, none, 11:00 -> 0)"),
            new Edit(Hourly, "ForgetUnclear(service.ToLocal(end - _hour) - _maxTransitTime)", "_unclear.Clear()")),
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
            new Edit(Limiter, "BusinessOf(baseAddress, businessId).", "BusinessOf(baseAddress, 0)."),
            new Edit(Limiter, "BusinessOf(resource.BaseAddress, resource.BusinessId)", "BusinessOf(resource.BaseAddress, 0)")),
        new("the queue is served in reverse order", Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.Attempts_are_served_in_order)),
            new Edit(Business, "_queue.Add(attempt)", "_queue.Insert(0, attempt)")),
        new("newcomers overtake the queue", Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.No_attempt_overtakes_the_queue_when_a_timer_is_late)),
            new Edit(Business, "_queue.Count == 0 ? TryTake(", "_queue.Count >= 0 ? TryTake(")),
    ];
}
