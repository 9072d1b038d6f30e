using System.Net;
using YandexMarket.Chats.Tests.Stub;

namespace YandexMarket.Chats.Tests.Wire;

/// <summary>Every status that an answer can have, and whether it proves that the buyer got nothing.</summary>
public sealed class StatusTests : StubFixture
{
    // As the house's rule has it, status by status: no range here may swallow a new one in the code.
    private static readonly int[] _refusals =
        [400, 401, 402, 403, 404, 405, 406, 410, 411, 413, 414, 415, 417, 420, 421, 422, 423, 424, 426, 428, 429, 431, 451];

    private static IEnumerable<int> Statuses => Enumerable.Range(300, 300);

    [TestCaseSource(nameof(Statuses))]
    public async Task A_send_that_met_a_status_may_have_been_sent_unless_the_status_proves_a_refusal(int status)
    {
        Stub.Answer(Answer(status));
        using var client = NewClient();

        var exception = await Assert.CatchAsync<ChatsApiException>(() => client.SendMessageToChatAsync(10, 20, "text"));

        AssertTold(exception!, status, mayHaveBeenSent: !_refusals.Contains(status));
    }

    [TestCaseSource(nameof(Statuses))]
    public async Task A_read_that_met_a_status_sent_nothing(int status)
    {
        Stub.Answer(Answer(status));
        using var client = NewClient();

        var exception = await Assert.CatchAsync<ChatsApiException>(() => client.GetChatMessageAsync(10, 20, 30));

        AssertTold(exception!, status, mayHaveBeenSent: false);
    }

    private void AssertTold(ChatsApiException exception, int status, bool mayHaveBeenSent)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception, Is.TypeOf(status is 420 or 429 ? typeof(ChatsRateLimitException) : typeof(ChatsApiException)));
            Assert.That((exception.StatusCode, exception.MayHaveBeenSent), Is.EqualTo((status, mayHaveBeenSent)));
            Assert.That(exception.Errors.Select(error => error.Code), Is.EqualTo(Answer(status).Body.Length > 0 ? new[] { "CODE" } : []));
            Assert.That(exception.InnerException, Is.Null);
            Assert.That(Stub.Requests, Has.Count.EqualTo(1));
        }
    }

    // A 304 has no body, whoever sends it.
    private static StubAnswer Answer(int status) => status == (int)HttpStatusCode.NotModified
        ? StubAnswer.Empty(status)
        : StubAnswer.Json(status, """{"status":"ERROR","errors":[{"code":"CODE"}]}""");
}
