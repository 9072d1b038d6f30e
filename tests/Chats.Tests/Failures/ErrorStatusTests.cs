using System.Net;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>What an error's status and body become.</summary>
public sealed class ErrorStatusTests
{
    [Test]
    public async Task Only_the_statuses_of_a_refusal_prove_that_nothing_was_sent()
    {
        for (var status = 100; status <= 999; status++)
        {
            if (status is >= 200 and < 300)
            {
                continue;
            }

            using var client = Responding(status);
            var failure = (ChatsApiException)(await client.FailureOfSendAsync())!;

            Assert.That(failure.StatusCode, Is.EqualTo(status));
            Assert.That(failure.MayHaveBeenSent, Is.Not.EqualTo(Refusals.Statuses.Contains(status)), $"{status}");
            Assert.That(failure is ChatsRateLimitException, Is.EqualTo(status is 420 or 429), $"{status}");
            Assert.That(((ChatsException)(await client.FailureOfReadAsync())!).MayHaveBeenSent, Is.False, $"{status}");
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
        using var client = Responding(status);

        Assert.That((await client.FailureOfSendAsync())!.Message, Does.Contain(advice).And.Contains($"responded {status}."));
    }

    [TestCase(199)]
    [TestCase(402)]
    [TestCase(500)]
    public async Task Of_other_statuses_it_says_nothing_more(int status)
    {
        using var client = Responding(status);

        Assert.That((await client.FailureOfReadAsync())!.Message, Is.EqualTo($"getChatMessage: the service responded {status}. Nothing was changed."));
    }

    [Test]
    public async Task Codes_are_in_the_message_if_they_are_words()
    {
        var longest = new string('A', 64);
        string[] codes = ["azAZ09_-.", "two words", "", longest, longest + "A", "ключ", "a:b", .. " @[`{/:".Select(c => $"A{c}")];
        using var client = Responding(400, Envelope([.. codes.Select(code => (code, (string?)null))]));

        var failure = (ChatsApiException)(await client.FailureOfSendAsync())!;

        Assert.That(failure.Message, Does.Contain($"responded 400 (azAZ09_-., {longest})."));
        Assert.That(failure.Errors, Has.Count.EqualTo(14));
    }

    [Test]
    public async Task Errors_are_kept_as_they_came_and_their_texts_are_not_in_the_message()
    {
        using var client = Responding(400, Envelope([("BAD_REQUEST", Canary.Text)]));

        var failure = (ChatsApiException)(await client.FailureOfSendAsync())!;

        Assert.That(failure.Errors.Select(error => (error.Code, error.Message)), Is.EqualTo(new[] { ("BAD_REQUEST", (string?)Canary.Text) }));
        Assert.That(Canary.PlacesIn(failure), Is.Empty);
    }

    private static string Envelope((string Code, string? Message)[] errors) => $$"""
        {"status":"ERROR","errors":[{{string.Join(',', errors.Select(error =>
            $$"""{"code":"{{error.Code}}"{{(error.Message is null ? "" : $",\"message\":\"{error.Message}\"")}}}"""))}}]}
        """;

    private static ChatsClient Responding(int status, string body = "") => Clients.Over((_, _) =>
        Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) }));
}
