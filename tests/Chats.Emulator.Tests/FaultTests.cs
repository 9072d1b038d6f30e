using System.Text;

namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Each fault as the caller's socket sees it, and what was taken.</summary>
public sealed partial class FaultTests
{
    private const string Read = "/v2/businesses/1/chats/message?chatId=2&messageId=1";
    private const string Send = "/v2/businesses/1/chats/message?chatId=2";
    private const string Hi = """{"message":"Hi"}""";

    private readonly ManualClock _clock = new();

    private static IEnumerable<ChatsFault> Faults() => ChatsFault.All;

    [TestCaseSource(nameof(Faults))]
    public async Task The_record_says_what_was_taken(ChatsFault fault)
    {
        await using var emulator = await StartAsync();
        emulator.Faults.Next(fault);

        var struck = await Wire.PostAsync(emulator, Send, Hi);
        var messages = emulator.FindBusiness(1)!.FindChat(2)!.Messages;
        var next = await Wire.PostAsync(emulator, Send, Hi);

        using (Assert.EnterMultipleScope())
        {
            var record = emulator.Requests.First();
            Assert.That(messages.Select(it => (it.Sender, it.Text)),
                Is.EqualTo(fault.IsAfterDelivery ? new[] { (EmulatedSender.Partner, "Hi") } : []));
            Assert.That((record.Fault, record.WasDelivered, record.DeliveredMessageId),
                Is.EqualTo((fault, fault.IsAfterDelivery, messages.SingleOrDefault()?.Id)));
            Assert.That(record.Status, Is.EqualTo(struck.Text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? struck.Status : null));
            Assert.That((next.Status, next.Body, emulator.Requests.Total, emulator.Requests.TotalDelivered),
                Is.EqualTo((200, """{"status":"OK"}""", 2, fault.IsAfterDelivery ? 2 : 1)));
            Assert.That((emulator.Faults.AppliedCount, emulator.Faults.Pending), Is.EqualTo((1, 0)));
        }
    }

    [Test]
    public async Task A_lost_answer_is_a_connection_that_closes_in_silence([Values] bool after)
    {
        var answer = await StrikeAsync(after ? ChatsFault.ResponseLost : ChatsFault.ResponseLost.BeforeDelivery());

        Assert.That((answer.Text, answer.WasReset), Is.EqualTo(("", false)));
    }

    [Test]
    public async Task A_reset_is_a_reset([Values] bool after)
    {
        var answer = await StrikeAsync(after ? ChatsFault.ConnectionReset.AfterDelivery() : ChatsFault.ConnectionReset);

        Assert.That((answer.Text, answer.WasReset), Is.EqualTo(("", true)));
    }

    [Test]
    public async Task Garbage_is_no_http([Values] bool after)
    {
        var answer = await StrikeAsync(after ? ChatsFault.Garbage.AfterDelivery() : ChatsFault.Garbage);

        Assert.That(answer.Bytes, Is.Not.Empty);
        Assert.That((answer.WasReset, answer.Text.Contains("HTTP/", StringComparison.Ordinal)), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task A_truncated_body_ends_after_its_first_half([Values] bool after)
    {
        var answer = await StrikeAsync(after ? ChatsFault.TruncatedBody : ChatsFault.TruncatedBody.BeforeDelivery());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((answer.Status, answer.Header("Content-Length"), answer.Body), Is.EqualTo((200, "15", """{"statu""")));
            Assert.That(answer.Header("traceparent"), Is.Not.Null);
            Assert.That(answer.WasReset, Is.False);
        }
    }

    [Test]
    public async Task A_page_of_html_says_so([Values] bool after)
    {
        var answer = await StrikeAsync(after ? ChatsFault.HtmlPage.AfterDelivery() : ChatsFault.HtmlPage);

        Assert.That((answer.Status, answer.Header("Content-Type")), Is.EqualTo((200, "text/html; charset=utf-8")));
        Assert.That(answer.Body, Does.StartWith("<!doctype html>"));
    }

    [Test]
    public async Task Errors_of_the_service_have_the_usual_envelope([Values] bool after)
    {
        var internalError = await StrikeAsync(after ? ChatsFault.InternalServerError.AfterDelivery() : ChatsFault.InternalServerError);
        var unavailable = await StrikeAsync(after ? ChatsFault.ServiceUnavailable.AfterDelivery() : ChatsFault.ServiceUnavailable);

        Assert.That((internalError.StatusLine, internalError.ErrorCode, internalError.ErrorMessage),
            Is.EqualTo(("HTTP/1.1 500 Internal Server Error", "INTERNAL_SERVER_ERROR", "Internal server error")));
        Assert.That((unavailable.StatusLine, unavailable.ErrorCode, unavailable.ErrorMessage),
            Is.EqualTo(("HTTP/1.1 503 Service Unavailable", "SERVICE_UNAVAILABLE",
                "Service temporarily unavailable. Please, try again later")));
    }

    [Test]
    public async Task Wrong_envelopes_come_with_200([Values] bool after)
    {
        var error = await StrikeAsync(after ? ChatsFault.ErrorEnvelope.AfterDelivery() : ChatsFault.ErrorEnvelope);
        var missing = await StrikeAsync(after ? ChatsFault.MissingStatus : ChatsFault.MissingStatus.BeforeDelivery());

        Assert.That((error.Status, error.Json.GetProperty("status").GetString(), error.ErrorCode), Is.EqualTo((200, "ERROR", "OTHER")));
        Assert.That((missing.Status, missing.Body), Is.EqualTo((200, "{}")));
    }

    [Test]
    public async Task A_refused_call_takes_nothing_even_after_taking()
    {
        await using var emulator = await StartAsync();
        emulator.Faults.Next(ChatsFault.ResponseLost);

        var answer = await Wire.PostAsync(emulator, Send, Hi, key: "dead");

        var record = emulator.Requests.Single();
        Assert.That((answer.Text, record.Status, record.ErrorCode, record.WasDelivered), Is.EqualTo(("", (int?)null, "UNAUTHORIZED", false)));
        Assert.That(emulator.FindBusiness(1)!.FindChat(2)!.Messages, Is.Empty);
    }

    [Test]
    public async Task A_read_is_struck_like_a_send()
    {
        await using var emulator = await StartAsync();
        emulator.FindBusiness(1)!.FindChat(2)!.Receive("Hello?");
        emulator.Faults.Next(ChatsFault.TruncatedBody);

        var answer = await Wire.GetAsync(emulator, Read);

        Assert.That(answer.Body, Does.StartWith("""{"status":"OK","result":{"messageId":1,""").And.Not.EndsWith("}"));
        Assert.That(Encoding.UTF8.GetByteCount(answer.Body), Is.EqualTo(int.Parse(answer.Header("Content-Length")!, null) / 2));
    }

    private async Task<WireAnswer> StrikeAsync(ChatsFault fault)
    {
        await using var emulator = await StartAsync();
        emulator.Faults.Next(fault);
        return await Wire.PostAsync(emulator, Send, Hi);
    }

    private async Task<ChatsEmulator> StartAsync()
    {
        var emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions { TimeProvider = _clock });
        emulator.AddKey("key", "communication");
        emulator.AddBusiness(1).AddChat(2);
        return emulator;
    }
}
