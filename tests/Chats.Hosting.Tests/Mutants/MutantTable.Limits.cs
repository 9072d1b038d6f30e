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
        new("a business has five places", Promises("more than 4 at once"), new Edit(Business, "AtOnce = 4;", "AtOnce = 5;")),
        new("a place is left when the head of the response is there", Promises("more than 4 at once"),
            new Edit(Retry, "return new RetryAttempt(response", "request.KeepUntilEnd(null); return new RetryAttempt(response")),
        new("a place is left twice", Promises("more than 4 at once"), new Edit(Lease, "permits: 1", "permits: 2")),
        new("a place is never left", Promises("has lost a place"), new Edit(Lease, "permits: 1", "permits: 0")),
        new("a refused attempt keeps its place during the pause after it", Test<RetryTests>(nameof(RetryTests.A_call_that_pauses_keeps_no_place)),
            new Edit(Retry, "ours.KeepUntilEnd(null);", "")),
        new(
            "a parallel 420 makes nobody wait",
            Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.After_a_parallel_420_the_business_pauses_for_half_a_second)),
            new Edit(Business, "_pausedUntil = now + _pause;", "")),
    ];

    private static Mutant[] Hours =>
    [
        new("calls under way are not counted", Promises("more than the quota"),
            new Edit(Hourly, "Limit - Settled - _underWay", "Limit - Settled")),
        new("a call without a response is not counted", Promises("more than the quota"),
            new Edit(Hourly, "if (response is null)\n        {\n            _unclear.Enqueue(now);", "if (response is null)\n        {")),
        new("a call that may have left is given back", Promises("more than the quota"),
            new Edit(Retry, "if (WasCertainlyNotSent(request, exception))", "if (true)")),
        new("a response without headers is not counted", Promises("more than the quota"),
            new Edit(Hourly, "else if (IsCounted(response))\n        {\n            _unclear.Enqueue(now);", "else\n        {"),
            new Edit(Hourly, "? 1 : 0;", "? 0 : 0;")),
        new("headers are believed about calls that were still on their way", Promises("more than the quota"),
            new Edit(Hourly, "ForgetUnclear(lease.GrantedAt - _onItsWay)", "ForgetUnclear(now)")),
        new(
            "a new hour forgets what is still on its way",
            Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.What_was_on_its_way_when_the_hour_turned_counts_in_the_new_one) + "(5)"),
            new Edit(Hourly, "ForgetUnclear(service.ToLocal(end - _hour) - _onItsWay)", "_unclear.Clear()")),
        new("a window ends a second early", Promises("more than the quota"),
            new Edit(Hourly, "if (time >= WindowEnd)", "if (time >= WindowEnd - TimeSpan.FromSeconds(1))")),
        new("the service's clock is not learnt", Promises("more than the quota"),
            new Edit(Hourly, "service.Learn(response?.Date, now);", "")),
        new("a lower count than ours makes room", Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.A_lower_count_than_ours_does_not_make_room)),
            new Edit(Hourly, "Math.Max(_reported + _unclear.Count, _certain)", "_reported + _unclear.Count")),
        new(
            "what the service fails to do is counted",
            Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.What_a_response_leaves_of_a_quota) + "(1; 503; 0; 0; 1)"),
            new Edit(Hourly, "response.StatusCode is < 500 or > 599", "true")),
        new(
            "nothing probes a quota that only we believe used up",
            Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.A_quota_that_only_we_believe_used_up_is_probed_once_a_minute)),
            new Edit(Hourly, "(MayProbe && now >= _nextProbe)", "false")),
        new(
            "a quota that the service called used up is probed",
            Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.A_quota_that_the_service_called_used_up_is_not_probed_and_opens_with_the_next_hour) + "(200; true)"),
            new Edit(Hourly, "_reported < Limit && ", "")),
    ];

    private static Mutant[] Orders =>
    [
        new("all businesses share their limits", Businesses("of business 1 ended as"),
            new Edit(Limiter, "BusinessOf(baseAddress, businessId).", "BusinessOf(baseAddress, 0)."),
            new Edit(Limiter, "BusinessOf(resource.BaseAddress, resource.BusinessId)", "BusinessOf(resource.BaseAddress, 0)")),
        new("who came last goes first", Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.Who_came_first_goes_first)),
            new Edit(Business, "_queue.Add(attempt)", "_queue.Insert(0, attempt)")),
        new("newcomers overtake the queue", Test<QuotaLimiterTests>(nameof(QuotaLimiterTests.Nobody_overtakes_whoever_waits_when_a_timer_is_late)),
            new Edit(Business, "_queue.Count == 0 ? TryTake(", "_queue.Count >= 0 ? TryTake(")),
    ];
}
