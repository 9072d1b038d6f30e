namespace YandexMarket.Chats.Tests.Failures;

/// <summary>How long to wait, by the service's own clock where a response has it: this machine's may be wrong.</summary>
public sealed class RateLimitTests
{
    private const string Until = "X-RateLimit-Resource-Until";
    private const string EndsAtEleven = Until + ": Fri, 21 Nov 2025 11:00:00 GMT";
    private const string Hourly = """{"errors":[{"code":"OTHER"},{"code":"OTHER","message":"Hit rate limit of '1000' requests per '1 HOUR' for resource 'r' for businessId '1'"}]}""";
    private const string Parallel = """{"errors":[{"code":"OTHER","message":"Hit rate limit of '4' parallel requests for businessId '1'"}]}""";
    private const string WithoutCode = """{"errors":[{"message":"Hit rate limit of '4' parallel requests for businessId '1'"}, null],"status":7}""";
    private const string NoText = """{"errors":[{"code":"OTHER"}]}""";

    // The virtual clock stands at 10:20:30 of 21 November 2025.
    [TestCase(Hourly, "Date: Wed, 09 Sep 2026 15:10:00 GMT|" + Until + ": Wed, 09 Sep 2026 15:18:00 GMT", 480d)]
    [TestCase(Hourly, "Date: Thu, 09 Sep 2027 15:10:00 GMT|" + Until + ": Thu, 09 Sep 2027 15:10:00 GMT", 0d)]
    [TestCase(Hourly, "Date: Wed, 09 Sep 2026 15:18:01 GMT|" + Until + ": Wed, 09 Sep 2026 15:18:00 GMT", 0d)]
    [TestCase(Hourly, Until + ": Fri, 21 Nov 2025 10:00:00 GMT", 0d)]
    [TestCase(Hourly, EndsAtEleven, 2370d)]
    [TestCase(NoText, EndsAtEleven, 2370d)]
    [TestCase(Hourly, "Date: now|" + EndsAtEleven, 2370d)]
    [TestCase(Hourly, "Date: Wed, 09 Sep 2026 15:10:00 GMT", null)]
    [TestCase(Parallel, "Date: Wed, 09 Sep 2026 15:10:00 GMT|" + Until + ": Wed, 09 Sep 2026 15:18:00 GMT", null)]
    [TestCase(WithoutCode, "X-RateLimit-Resource-Remaining: 0|" + EndsAtEleven, null)]
    [TestCase(Hourly, "Retry-After: 30|Date: Wed, 09 Sep 2026 15:10:00 GMT|" + Until + ": Wed, 09 Sep 2026 15:18:00 GMT", 30d)]
    [TestCase(Hourly, "Retry-After: Wed, 09 Sep 2026 15:11:00 GMT|Date: Wed, 09 Sep 2026 15:10:00 GMT|" + Until + ": Wed, 09 Sep 2026 15:18:00 GMT", 60d)]
    [TestCase(Parallel, "Retry-After: Fri, 21 Nov 2025 10:20:31 GMT", 1d)]
    [TestCase(Hourly, "Retry-After: 86400", 86400d)]
    [TestCase(Hourly, "Retry-After: 86401", null)]
    [TestCase(Parallel, "Retry-After: 2147483647", null)]
    [TestCase(Hourly, Until + ": Fri, 31 Dec 9999 23:59:59 GMT", null)]
    [TestCase(Hourly, "Retry-After: later|Date: Wed, 09 Sep 2026 15:10:00 GMT|" + Until + ": Wed, 09 Sep 2026 15:18:00 GMT", 480d)]
    public async Task The_wait_is_computed_from_the_response(string body, string headers, double? seconds)
    {
        using var client = Clients.Over(
            (_, _) =>
            {
                var response = new HttpResponseMessage((HttpStatusCode)420) { Content = new StringContent(body, Encoding.UTF8) };
                foreach (var header in headers.Split('|').Select(line => line.Split(": ", 2)))
                {
                    response.Headers.TryAddWithoutValidation(header[0], header[1]);
                }

                return Task.FromResult(response);
            },
            options => options.TimeProvider = new ManualClock(new DateTimeOffset(2025, 11, 21, 10, 20, 30, TimeSpan.Zero)));

        var exception = await Assert.ThrowsAsync<ChatsRateLimitException>(() => client.CallAsync(read: false));

        Assert.That(exception!.RetryAfter, Is.EqualTo(seconds is { } wait ? TimeSpan.FromSeconds(wait) : (TimeSpan?)null));
        Assert.That(exception.Limit, Is.EqualTo(body is Parallel or WithoutCode ? ChatsLimitKind.Parallel : body == Hourly ? ChatsLimitKind.Hourly : ChatsLimitKind.Unknown));
        Assert.That(exception.MayHaveBeenSent, Is.False);
    }
}
