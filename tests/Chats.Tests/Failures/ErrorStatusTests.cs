namespace YandexMarket.Chats.Tests.Failures;

/// <summary>What an error's status and body become. Bodies of many forms are in the wire cases and in the fault matrix.</summary>
public sealed class ErrorStatusTests
{
    [Test]
    public async Task Only_the_rejecting_statuses_prove_that_nothing_was_sent()
    {
        foreach (var status in Enumerable.Range(100, 900).Where(status => status is < 200 or >= 300))
        {
            using var client = Responding(status);
            var failure = (ChatsApiException)(await client.FailureOfSendAsync())!;

            Assert.That((failure.StatusCode, failure.MayHaveBeenSent), Is.EqualTo((status, !Refusals.Statuses.Contains(status))));
            Assert.That(failure is ChatsRateLimitException, Is.EqualTo(status is 420 or 429), $"{status}");
            Assert.That(((ChatsException)(await client.FailureOfReadAsync())!).MayHaveBeenSent, Is.False, $"{status}");
        }
    }

    [TestCase(400, "The request was invalid: see Errors of this exception, or run \"chats doctor\". ")]
    [TestCase(401, "The key is missing, malformed or revoked. ")]
    [TestCase(403, "The key has no access to this. It needs one of the scopes: communication, all-methods, all-methods:read-only (a change of scopes takes up "
        + "to 10 minutes); or the cabinet is not active, API access is disabled, or the business is not available for the key: see Errors of this exception, or run \"chats doctor\". ")]
    [TestCase(423, "The business is being migrated: retry later. ")]
    [TestCase(404, "There is no such chat or message, or BaseAddress is wrong. ")]
    [TestCase(420, "Too many requests: wait, then retry. ")]
    [TestCase(429, "Too many requests: wait, then retry. ")]
    [TestCase(300, "Redirects are not followed: BaseAddress may be wrong. ")]
    [TestCase(399, "Redirects are not followed: BaseAddress may be wrong. ")]
    [TestCase(199, "")]
    [TestCase(402, "")]
    [TestCase(500, "")]
    public async Task The_message_says_what_to_do(int status, string advice)
    {
        using var client = Responding(status);

        Assert.That((await client.FailureOfReadAsync())!.Message, Is.EqualTo($"getChatMessage: the service responded with {status}. {advice}Nothing was changed."));
    }

    [TestCase("FORBIDDEN", "Token does not have any of the scopes to access the API method", "The key needs one of the scopes: communication, ")]
    [TestCase("SUBSCRIPTION_REQUIRED", "No", "The account needs a subscription for this operation.")]
    [TestCase("NO_ACCESS_BY_DEPRECATION_POLICY", "No", "The service withdrew this access under its deprecation policy.")]
    [TestCase("FORBIDDEN", "The cabinet is not active", "The cabinet is not active: sign in to it.")]
    [TestCase("FORBIDDEN", "API access is denied", "API access is disabled for the account: see the cabinet's API settings.")]
    [TestCase("FORBIDDEN", "The account is disabled", "API access is disabled for the account: see the cabinet's API settings.")]
    [TestCase("FORBIDDEN", "The business is not available", "The business is not available for this key.")]
    [TestCase("FORBIDDEN", "Access denied", "The key has no access to this. It needs one of the scopes")]
    public async Task The_message_of_a_403_names_the_reason_that_the_service_gave(string code, string reason, string advice)
    {
        using var client = Responding(403, $$"""{"errors":[{"code":"{{code}}","message":"{{reason}}"}]}""");

        Assert.That((await client.FailureOfReadAsync())!.Message, Does.StartWith($"getChatMessage: the service responded with 403 ({code}). {advice}"));
    }

    [Test]
    public async Task Codes_are_in_the_message_if_they_are_words()
    {
        var longest = new string('A', 64);
        string[] codes = ["azAZ09_-.", "two words", "", longest, longest + "A", "ключ", "a:b", .. " @[`{/:".Select(c => $"A{c}")];
        using var client = Responding(400, $$"""{"errors":[{{string.Join(',', codes.Select(code => $$"""{"code":"{{code}}"}"""))}}]}""");

        var failure = (ChatsApiException)(await client.FailureOfSendAsync())!;

        Assert.That(failure.Message, Does.Contain($"responded with 400 (azAZ09_-., {longest})."));
        Assert.That(failure.Errors.Select(error => error.Code), Is.EqualTo(codes));
    }

    [Test]
    public async Task At_most_five_different_codes_are_in_the_message()
    {
        using var client = Responding(400, $$"""{"errors":[{{string.Join(',', Enumerable.Range(0, 1_000).Select(i => $$"""{"code":"A{{i / 2}}"}"""))}}]}""");

        var failure = (ChatsApiException)(await client.FailureOfSendAsync())!;

        Assert.That(failure.Message, Does.Contain("responded with 400 (A0, A1, A2, A3, A4)."));
        Assert.That(failure.Errors, Has.Count.EqualTo(1_000));
    }

    private static ChatsClient Responding(int status, string body = "") => Clients.Over((_, _) =>
        Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) }));
}
