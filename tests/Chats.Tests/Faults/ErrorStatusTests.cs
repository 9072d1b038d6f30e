using System.Net;

namespace YandexMarket.Chats.Tests.Faults;

/// <summary>What an error's status, headers and body become.</summary>
public class ErrorStatusTests
{
    private const string Parallel = "Hit rate limit of '4' parallel requests for business 1";
    private const string Hourly = "Hit rate limit of '1000' requests per 'HOUR' for resource 'chats' for business 1";

    [Test]
    public async Task Exactly_the_refusals_are_unsent_for_sure()
    {
        for (var status = 100; status <= 999; status++)
        {
            if (status is >= 200 and < 300)
            {
                continue;
            }

            using var client = Answering(status);
            var failure = (ChatsApiException)(await Calls.FailureOfSendAsync(client))!;

            Assert.That(failure.StatusCode, Is.EqualTo(status));
            Assert.That(failure.MayHaveBeenSent, Is.Not.EqualTo(ExceptionFactoryTests.Refusals.Contains(status)), $"{status}");
            Assert.That(failure is ChatsRateLimitException, Is.EqualTo(status is 420 or 429), $"{status}");
            Assert.That(((ChatsException)(await Calls.FailureOfReadAsync(client))!).MayHaveBeenSent, Is.False, $"{status}");
        }
    }

    [TestCase(400, "see Errors")]
    [TestCase(401, "key is missing")]
    [TestCase(403, "communication, all-methods (a change of scopes takes up to 10 minutes)")]
    [TestCase(423, "being migrated")]
    [TestCase(404, "no such chat")]
    [TestCase(420, "Too many requests")]
    [TestCase(429, "Too many requests")]
    [TestCase(300, "Redirects are not followed")]
    [TestCase(399, "Redirects are not followed")]
    public async Task The_message_says_what_to_do(int status, string advice)
    {
        using var client = Answering(status);

        Assert.That((await Calls.FailureOfSendAsync(client))!.Message, Does.Contain(advice).And.Contains($"responded {status}."));
    }

    [TestCase(199)]
    [TestCase(402)]
    [TestCase(500)]
    public async Task And_nothing_more_where_nothing_is_known(int status)
    {
        using var client = Answering(status);

        Assert.That((await Calls.FailureOfReadAsync(client))!.Message, Is.EqualTo($"getChatMessage: the service responded {status}. Nothing was changed."));
    }

    [TestCase(404, "The message was not sent.")]
    [TestCase(420, "The message was not sent.")]
    [TestCase(500, "The message may have been sent: look into the chat before it is sent again.")]
    public async Task The_message_of_a_send_tells_the_doubt(int status, string told)
    {
        using var client = Answering(status);

        Assert.That((await Calls.FailureOfSendAsync(client))!.Message, Does.EndWith(told));
    }

    [Test]
    public async Task Codes_stand_in_the_message_if_they_are_words()
    {
        var longest = new string('A', 64);
        using var client = Answering(400, Envelope(("azAZ09_-.", null), ("two words", null), ("", null), (longest, null), (longest + "A", null), ("ключ", null), ("a:b", null)));

        var failure = (ChatsApiException)(await Calls.FailureOfSendAsync(client))!;

        Assert.That(failure.Message, Does.Contain($"responded 400 (azAZ09_-., {longest})."));
        Assert.That(failure.Errors, Has.Count.EqualTo(7));
    }

    [TestCase(" @[`{/:", TestName = "Neighbours of letters and digits are no words: {0}")]
    public async Task Neighbours_of_letters_and_digits_are_no_words(string neighbours)
    {
        using var client = Answering(500, Envelope([.. neighbours.Select(c => ($"A{c}", (string?)null))]));

        Assert.That((await Calls.FailureOfSendAsync(client))!.Message, Does.Contain("responded 500. "));
    }

    [Test]
    public async Task Errors_are_kept_as_they_came_and_their_texts_are_not_in_the_message()
    {
        using var client = Answering(400, Envelope(("BAD_REQUEST", Canary.Text)));

        var failure = (ChatsApiException)(await Calls.FailureOfSendAsync(client))!;

        Assert.That(failure.Errors.Select(error => (error.Code, error.Message)), Is.EqualTo(new[] { ("BAD_REQUEST", (string?)Canary.Text) }));
        Assert.That(Canary.PlacesIn(failure), Is.Empty);
    }

    [Test]
    public async Task The_headers_are_kept()
    {
        using var client = Answering(500, "", ("traceparent", "00-1-2-01"), ("X-RateLimit-Resource-Limit", "1000"), ("X-RateLimit-Resource-Remaining", " 7 "));

        var failure = (ChatsApiException)(await Calls.FailureOfSendAsync(client))!;

        Assert.That(failure.TraceParent, Is.EqualTo("00-1-2-01"));
        Assert.That((failure.RateLimit!.Limit, failure.RateLimit.Remaining, failure.RateLimit.ResetsAt), Is.EqualTo(((int?)1000, (int?)7, (DateTimeOffset?)null)));
    }

    [Test]
    public async Task Headers_that_say_nothing_are_as_good_as_absent()
    {
        using var client = Answering(500, "", ("X-RateLimit-Resource-Limit", "many"), ("X-RateLimit-Resource-Remaining", "-1"), ("X-RateLimit-Resource-Until", "soon"));

        var failure = (ChatsApiException)(await Calls.FailureOfSendAsync(client))!;

        Assert.That((failure.TraceParent, failure.RateLimit), Is.EqualTo(((string?)null, (ChatsRateLimit?)null)));
    }

    [TestCase("X-RateLimit-Resource-Limit", "0")]
    [TestCase("X-RateLimit-Resource-Remaining", "0")]
    [TestCase("X-RateLimit-Resource-Until", "Fri, 21 Nov 2025 11:00:00 GMT")]
    public async Task One_header_of_the_quota_is_enough(string header, string value)
    {
        using var client = Answering(500, "", (header, value));

        Assert.That(((ChatsApiException)(await Calls.FailureOfSendAsync(client))!).RateLimit, Is.Not.Null);
    }

    [TestCase(Hourly, "", "Fri, 21 Nov 2025 11:00:00 GMT", "", 2370, TestName = "The wait: until the window ends, by our clock")]
    [TestCase(Hourly, "", "Fri, 21 Nov 2025 11:00:00 GMT", "Fri, 21 Nov 2025 10:59:00 GMT", 60, TestName = "The wait: until the window ends, by the service's clock")]
    [TestCase(Hourly, "", "Fri, 21 Nov 2025 10:00:00 GMT", "", 0, TestName = "The wait: a window that has ended")]
    [TestCase(Hourly, "", "", "", null, TestName = "The wait: not told")]
    [TestCase(Hourly, "7", "Fri, 21 Nov 2025 11:00:00 GMT", "", 7, TestName = "The wait: the standard header first")]
    [TestCase(Parallel, "", "Fri, 21 Nov 2025 11:00:00 GMT", "", null, TestName = "The wait: none is told for calls at once")]
    [TestCase(Parallel, "7", "", "", 7, TestName = "The wait: unless the standard header tells one")]
    [TestCase(null, "", "Fri, 21 Nov 2025 11:00:00 GMT", "", 2370, TestName = "The wait: a limit without a text")]
    public async Task The_wait(string? message, string retryAfter, string until, string date, int? seconds)
    {
        using var client = Answering(420, Envelope(("OTHER", null), ("OTHER", message)),
            ("Retry-After", retryAfter), ("X-RateLimit-Resource-Until", until), ("Date", date));

        var failure = (ChatsRateLimitException)(await Calls.FailureOfSendAsync(client))!;

        Assert.That(failure.RetryAfter?.TotalSeconds, Is.EqualTo((double?)seconds));
        Assert.That(failure.Limit == ChatsLimitKind.Parallel, Is.EqualTo(message == Parallel));
        Assert.That(failure.MayHaveBeenSent, Is.False);
    }

    [TestCase("Thu, 10 Jul 2018 00:42:42 GMT", TestName = "A date: with a wrong weekday, as the vendor's sample")]
    [TestCase("Tue, 10 Jul 2018 00:42:42 GMT")]
    [TestCase("10 Jul 2018 00:42:42 GMT")]
    [TestCase("Tue, 10 Jul 2018 00:42:42 UT")]
    [TestCase("Tue, 10 Jul 2018 00:42:42 UTC")]
    [TestCase("Tue, 10 Jul 2018 00:42:42 Z")]
    [TestCase("Tue, 10 Jul 2018 03:42:42 +0300")]
    [TestCase("Tue, 10 Jul 18 00:42:42 GMT")]
    [TestCase("Tue, 10 Jul 18 03:42:42 +0300")]
    [TestCase("  Tue,  10  Jul  2018  00:42:42  GMT  ")]
    public async Task A_date(string until) => Assert.That(await ResetsAtAsync(until), Is.EqualTo(new DateTimeOffset(2018, 7, 10, 0, 42, 42, TimeSpan.Zero)));

    [TestCase("Tue, 10 Jul 2018 00:42 GMT")]
    [TestCase("Tue, 10 Jul 2018 03:42 +0300")]
    public async Task A_date_without_seconds(string until) =>
        Assert.That(await ResetsAtAsync(until), Is.EqualTo(new DateTimeOffset(2018, 7, 10, 0, 42, 0, TimeSpan.Zero)));

    private static async Task<DateTimeOffset?> ResetsAtAsync(string until)
    {
        using var client = Answering(500, "", ("X-RateLimit-Resource-Until", until));
        return ((ChatsApiException)(await Calls.FailureOfSendAsync(client))!).RateLimit?.ResetsAt;
    }

    private static string Envelope(params (string Code, string? Message)[] errors) => $$"""
        {"status":"ERROR","errors":[{{string.Join(',', errors.Select(error =>
            $$"""{"code":"{{error.Code}}"{{(error.Message is null ? "" : $",\"message\":\"{error.Message}\"")}}}"""))}}]}
        """;

    private static ChatsClient Answering(int status, string body = "", params (string Name, string Value)[] headers) => Calls.Over((_, _) =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        foreach (var (name, value) in headers.Where(header => header.Value.Length > 0))
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return Task.FromResult(response);
    });
}
