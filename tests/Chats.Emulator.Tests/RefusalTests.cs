namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Every error response. The table is in RefusalTests.Table.cs.</summary>
public sealed partial class RefusalTests : EmulatorTests
{
    [SetUp]
    public void AddKeys()
    {
        Chat.Receive("Hello?");
        Emulator.AddBusiness(9).AddChat(7).Receive("Somebody else's");
        Emulator.AddKey("all", "settings-management", "all-methods");
        Emulator.AddKey("reader", "all-methods:read-only");
        Emulator.AddKey("manager", "settings-management");
        Emulator.AddKey("nothing");
        Emulator.AddKey("revoked", "communication");
        Emulator.RevokeKey("revoked");
        Emulator.FindBusiness(9)!.AddKey("nine", "communication");
    }

    [TestCaseSource(nameof(Rejected))]
    public async Task An_invalid_call_is_rejected_as_documented(string request, int status, string code, string message)
    {
        var response = await Wire.SendAsync(Emulator, request);

        using var scope = Assert.EnterMultipleScope();
        Assert.That(response.Status, Is.EqualTo(status));
        Assert.That(response.Header("Content-Type"), Is.EqualTo("application/json"));
        Assert.That(response.Header("traceparent"), Does.Match("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$"));
        Assert.That(response.Json.GetProperty("status").GetString(), Is.EqualTo("ERROR"));
        Assert.That(response.Json.GetProperty("errors").GetArrayLength(), Is.EqualTo(1));
        Assert.That((response.ErrorCode, response.ErrorMessage), Is.EqualTo((code, message)));
        Assert.That(response.Json.EnumerateObject().Count(), Is.EqualTo(2));

        var record = Emulator.Requests.Single();
        Assert.That((record.Status, record.ErrorCode, record.TraceParent, record.WasDelivered),
            Is.EqualTo(((int?)status, code, response.Header("traceparent"), false)));
        Assert.That(Chat.Messages, Has.Count.EqualTo(1), "messages of the chat");
    }

    [TestCaseSource(nameof(Accepted))]
    public async Task An_unusual_but_valid_call_is_accepted(string request)
    {
        var response = await Wire.SendAsync(Emulator, request);

        using var scope = Assert.EnterMultipleScope();
        Assert.That(response.Status, Is.EqualTo(200));
        Assert.That(response.Header("Content-Type"), Is.EqualTo("application/json"));
        Assert.That(response.Header("traceparent"), Does.Match("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$"));
        Assert.That(response.Json.GetProperty("status").GetString(), Is.EqualTo("OK"));
        Assert.That(Chat.Messages.Count(it => it.Sender == EmulatedSender.Partner),
            Is.EqualTo(request.StartsWith("POST", StringComparison.Ordinal) ? 1 : 0));
    }

    [Test]
    public async Task A_caller_who_disconnects_after_half_a_body_delivers_nothing()
    {
        var half = Wire.Request("POST", Send, "key", $"{Wire.Json}Content-Length: 20\r\n") + """{"message":""";
        (await Wire.OpenAsync(Emulator, half)).Dispose();

        await Until.TrueAsync(() => Emulator.Requests.Total == 1);
        var record = Emulator.Requests.Single();
        Assert.That((record.Status, record.WasDelivered, Chat.Messages.Count), Is.EqualTo(((int?)null, false, 1)));
    }

    [Test]
    public async Task A_body_whose_declared_length_is_too_large_is_rejected_before_it_is_sent()
    {
        using var socket = await Wire.OpenAsync(Emulator, Wire.Request("POST", Send, "key", $"{Wire.Json}Content-Length: 524289\r\n"));

        var response = await Wire.ReadUntilAsync(socket, "}]}");

        Assert.That(response, Does.StartWith("HTTP/1.1 400 Bad Request\r\n").And.Contain("The request is too big: more than 524288 bytes"));
    }

    [Test]
    public async Task The_record_contains_no_text_and_no_complete_key()
    {
        Emulator.AddKey("a-very-secret-key", "communication");

        await PostAsync(Send, Body(new string('s', 4097)), "a-very-secret-key");
        await PostAsync(Send, Body("a private text"), "a-very-secret-key");

        Assert.That(string.Join('\n', Emulator.Requests) + Chat.Messages[^1],
            Does.Contain("a-ve…").And.Contain("size must be between")
                .And.Not.Contain("sss").And.Not.Contain("private").And.Not.Contain("a-ver"));
    }
}
