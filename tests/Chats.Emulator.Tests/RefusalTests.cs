using System.Text;

namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Every refusal, request by request, byte by byte. The table is in RefusalTests.Table.cs.</summary>
public sealed partial class RefusalTests
{
    [TestCaseSource(nameof(Refused))]
    public async Task A_wrong_call_is_refused_as_documented(string request, int status, string code, string message)
    {
        await using var emulator = await StartAsync();

        var answer = await Wire.AskAsync(emulator, request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(status));
            Assert.That(answer.Header("Content-Type"), Is.EqualTo("application/json"));
            Assert.That(answer.Header("traceparent"), Does.Match("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$"));
            Assert.That(answer.Json.GetProperty("status").GetString(), Is.EqualTo("ERROR"));
            Assert.That(answer.Json.GetProperty("errors").GetArrayLength(), Is.EqualTo(1));
            Assert.That((answer.ErrorCode, answer.ErrorMessage), Is.EqualTo((code, message)));
            Assert.That(answer.Json.EnumerateObject().Count(), Is.EqualTo(2));

            var record = emulator.Requests.Single();
            Assert.That((record.Status, record.ErrorCode, record.TraceParent, record.WasDelivered),
                Is.EqualTo(((int?)status, code, answer.Header("traceparent"), false)));
            Assert.That(emulator.FindBusiness(1)!.FindChat(2)!.Messages, Has.Count.EqualTo(1), "messages of the chat");
        }
    }

    [TestCaseSource(nameof(Accepted))]
    public async Task A_right_call_in_another_dress_is_accepted(string request)
    {
        await using var emulator = await StartAsync();

        var answer = await Wire.AskAsync(emulator, request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(answer.Header("Content-Type"), Is.EqualTo("application/json"));
            Assert.That(answer.Header("traceparent"), Does.Match("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$"));
            Assert.That(answer.Json.GetProperty("status").GetString(), Is.EqualTo("OK"));
            Assert.That(emulator.FindBusiness(1)!.FindChat(2)!.Messages.Count(it => it.Sender == EmulatedSender.Partner),
                Is.EqualTo(request.StartsWith("POST", StringComparison.Ordinal) ? 1 : 0));
        }
    }

    [Test]
    public async Task Half_a_body_and_a_hang_up_is_nothing_taken()
    {
        await using var emulator = await StartAsync();
        var gone = new TaskCompletionSource<RecordedRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        emulator.Requests.Recorded += gone.SetResult;

        using (var socket = await Wire.OpenAsync(emulator))
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(Wire.Request("POST", Target, "key", $"{Json}Content-Length: 20\r\n") + """{"message":"""));
        }

        var record = await gone.Task.WaitAsync(Until.Patience);
        Assert.That((record.Status, record.WasDelivered, emulator.FindBusiness(1)!.FindChat(2)!.Messages.Count),
            Is.EqualTo(((int?)null, false, 1)));
    }

    [Test]
    public async Task A_body_that_is_stated_too_big_is_refused_before_it_comes()
    {
        await using var emulator = await StartAsync();
        using var socket = await Wire.OpenAsync(emulator);

        await socket.SendAsync(Encoding.UTF8.GetBytes(Wire.Request("POST", Target, "key", $"{Json}Content-Length: 524289\r\n")));
        var answer = await Wire.ReadUntilAsync(socket, "}]}");

        Assert.That(answer, Does.StartWith("HTTP/1.1 400 Bad Request\r\n").And.Contain("The request is too big: more than 524288 bytes"));
    }

    [Test]
    public async Task The_record_has_no_text_and_no_whole_key()
    {
        await using var emulator = await StartAsync();
        emulator.AddKey("a-very-secret-key", "communication");

        await Wire.PostAsync(emulator, Target, Body(new string('s', 4097)), "a-very-secret-key");
        await Wire.PostAsync(emulator, Target, Body("a private text"), "a-very-secret-key");

        var lines = string.Join('\n', emulator.Requests) + emulator.FindBusiness(1)!.FindChat(2)!.Messages[^1];
        Assert.That(lines,
            Does.Contain("a-ve…").And.Contain("size must be between")
                .And.Not.Contain("sss").And.Not.Contain("private").And.Not.Contain("a-ver"));
    }

    private static async Task<ChatsEmulator> StartAsync()
    {
        var emulator = await ChatsEmulator.StartAsync();
        emulator.AddBusiness(1).AddChat(2).Receive("Hello?");
        emulator.AddBusiness(9).AddChat(7).Receive("Somebody else's");
        emulator.AddKey("key", "communication");
        emulator.AddKey("all", "settings-management", "all-methods");
        emulator.AddKey("reader", "all-methods:read-only");
        emulator.AddKey("manager", "settings-management");
        emulator.AddKey("nothing");
        emulator.AddKey("revoked", "communication");
        emulator.RevokeKey("revoked");
        emulator.AddKey("removed", "communication");
        emulator.RemoveKey("removed");
        emulator.FindBusiness(9)!.AddKey("nine", "communication");
        return emulator;
    }
}
