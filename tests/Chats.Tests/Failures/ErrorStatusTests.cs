namespace YandexMarket.Chats.Tests.Failures;

/// <summary>What an error's status and body become. Bodies of many forms are in the wire cases and in the fault matrix.</summary>
public sealed class ErrorStatusTests
{
    private const string Reasons = "see Errors of this exception, or run \"chats doctor\"";
    private const string Scopes = "one of the scopes: communication, all-methods, all-methods:read-only (a change of scopes takes up to 10 minutes)";

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

    [TestCase(400, null, $"The request was invalid: {Reasons}. ")]
    [TestCase(401, null, "The key is missing, malformed or revoked. ")]
    [TestCase(403, null, $"The key has no access: either it needs {Scopes}, or the cabinet is not active, API access is disabled, or the business is not "
        + $"available for the key: {Reasons}. ")]
    [TestCase(403, "FORBIDDEN: Token does not have any of the scopes to access the API method", $"The key needs {Scopes}. ")]
    [TestCase(403, "SUBSCRIPTION_REQUIRED: No", "The account needs a subscription for this operation. ")]
    [TestCase(403, "NO_ACCESS_BY_DEPRECATION_POLICY: No", "The service withdrew this access under its deprecation policy. ")]
    [TestCase(403, "FORBIDDEN: The cabinet is not active", "The cabinet is not active: sign in to it. ")]
    [TestCase(403, "FORBIDDEN: API access is denied", "API access is disabled for the account: see the cabinet's API settings. ")]
    [TestCase(403, "FORBIDDEN: The account is disabled", "API access is disabled for the account: see the cabinet's API settings. ")]
    [TestCase(403, "FORBIDDEN: The business is not available", "The business is not available for this key. ")]
    [TestCase(403, "FORBIDDEN: Access denied", $"The key has no access: either it needs {Scopes}, or the cabinet is not active, API access is disabled, or the "
        + $"business is not available for the key: {Reasons}. ")]
    [TestCase(423, null, "The business is being migrated: retry later. ")]
    [TestCase(404, null, "There is no such chat or message, or BaseAddress is wrong. ")]
    [TestCase(420, null, "Too many requests: wait, then retry. ")]
    [TestCase(429, null, "Too many requests: wait, then retry. ")]
    [TestCase(300, null, "Redirects are not followed: BaseAddress may be wrong. ")]
    [TestCase(399, null, "Redirects are not followed: BaseAddress may be wrong. ")]
    [TestCase(199, null, "")]
    [TestCase(402, null, "")]
    [TestCase(500, null, "")]
    public async Task The_message_says_what_to_do_and_of_a_403_the_reason_that_the_service_gave(int status, string? error, string advice)
    {
        var parts = error?.Split(": ");
        using var client = Responding(status, parts is [var code, var reason] ? $$"""{"errors":[{"code":"{{code}}","message":"{{reason}}"}]}""" : "");

        Assert.That(
            (await client.FailureOfReadAsync())!.Message,
            Is.EqualTo($"getChatMessage: the service responded with {status}{(parts is null ? "" : $" ({parts[0]})")}. {advice}Nothing was changed."));
    }

    private static IEnumerable<TestCaseData> Codes()
    {
        var longest = new string('A', 64);
        string[] mixed = ["azAZ09_-.", "two words", "", longest, longest + "A", "ключ", "a:b", .. " @[`{/:".Select(c => $"A{c}")];
        yield return new TestCaseData(mixed, $"azAZ09_-., {longest}").SetArgDisplayNames("words and others");
        var thousand = Enumerable.Range(0, 1_000).Select(i => $"A{i / 2}").ToArray();
        yield return new TestCaseData(thousand, "A0, A1, A2, A3, A4").SetArgDisplayNames("a thousand");
    }

    [TestCaseSource(nameof(Codes))]
    public async Task At_most_five_different_codes_are_in_the_message_if_they_are_words(string[] codes, string named)
    {
        using var client = Responding(400, $$"""{"errors":[{{string.Join(',', codes.Select(code => $$"""{"code":"{{code}}"}"""))}}]}""");

        var failure = (ChatsApiException)(await client.FailureOfSendAsync())!;

        Assert.That(failure.Message, Does.Contain($"responded with 400 ({named})."));
        Assert.That(failure.Errors.Select(error => error.Code), Is.EqualTo(codes));
    }

    private static ChatsClient Responding(int status, string body = "") => Clients.Over((_, _) =>
        Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) }));
}
