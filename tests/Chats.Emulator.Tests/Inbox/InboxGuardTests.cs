namespace YandexMarket.Chats.Emulator.Tests.Inbox;

/// <summary>What another site in the same browser can try.</summary>
public sealed class InboxGuardTests
{
    private const string Message = """{"business":"1","chat":"2","text":"I was here"}""";

    [TestCase("evil.example")]
    [TestCase("127.0.0.1.evil.example")]
    [TestCase("localhost.evil.example:80")]
    [TestCase("localhost.")]
    [TestCase("127.0.0.2")]
    [TestCase("0.0.0.0")]
    [TestCase("")]
    public async Task A_name_that_only_leads_to_this_machine_gets_nothing(string host)
    {
        await using var emulator = await InboxWire.StartAsync();
        var chat = emulator.AddBusiness(1).AddChat(2);
        chat.Receive("Zitronenfalter");

        var page = await InboxWire.AskAsync(emulator, "GET", "/", host: host);
        var state = await InboxWire.AskAsync(emulator, "GET", "/_inbox/state?business=1&chat=2", host: host);
        var write = await InboxWire.AskAsync(emulator, "POST", "/_inbox/messages", Message, host: host, origin: $"http://{host}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((page.Status, state.Status, write.Status), Is.EqualTo((403, 403, 403)));
            Assert.That(state.Text, Does.Not.Contain("Zitronenfalter"));
            Assert.That(chat.Messages, Has.Count.EqualTo(1));
        }
    }

    [TestCase("127.0.0.1:1234")]
    [TestCase("localhost")]
    [TestCase("LOCALHOST:80")]
    [TestCase("[::1]:8080")]
    public async Task This_machines_own_names_are_answered(string host)
    {
        await using var emulator = await InboxWire.StartAsync();
        var chat = emulator.AddBusiness(1).AddChat(2);

        var page = await InboxWire.AskAsync(emulator, "GET", "/", host: host);
        var write = await InboxWire.AskAsync(emulator, "POST", "/_inbox/messages", Message, host: host, origin: $"http://{host}");

        Assert.That((page.Status, write.Status, chat.Messages.Single().Text), Is.EqualTo((200, 200, "I was here")));
    }

    [TestCase("http://evil.example")]
    [TestCase("http://127.0.0.1:1")]
    [TestCase("https://127.0.0.1")]
    [TestCase("http://localhost")]
    [TestCase("null")]
    [TestCase(null)]
    public async Task A_write_of_any_page_but_our_own_is_refused(string? origin)
    {
        await using var emulator = await InboxWire.StartAsync();
        var chat = emulator.AddBusiness(1).AddChat(2);
        emulator.Faults.Next(ChatsFault.ResponseLost);

        var message = await InboxWire.AskAsync(emulator, "POST", "/_inbox/messages", Message, origin: origin);
        var fault = await InboxWire.AskAsync(emulator, "POST", "/_inbox/faults", """{"fault":"Any","times":1}""", origin: origin);
        var clear = await InboxWire.AskAsync(emulator, "DELETE", "/_inbox/faults", origin: origin);

        Assert.That((message.Status, fault.Status, clear.Status), Is.EqualTo((403, 403, 403)));
        Assert.That((chat.Messages, emulator.Faults.Pending), Is.EqualTo((Array.Empty<EmulatedMessage>(), 1)));
    }

    [TestCase("cross-site", 403)]
    [TestCase("same-site", 403)]
    [TestCase("same-origin", 200)]
    [TestCase("none", 200)]
    public async Task A_browser_that_says_who_reads_is_believed(string site, int status)
    {
        await using var emulator = await InboxWire.StartAsync();

        var answer = await InboxWire.AskAsync(emulator, "GET", "/_inbox/state", headers: $"Sec-Fetch-Site: {site}\r\n");

        Assert.That(answer.Status, Is.EqualTo(status));
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase(null)]
    public async Task A_body_that_a_form_could_send_is_refused(string? contentType)
    {
        await using var emulator = await InboxWire.StartAsync();
        var chat = emulator.AddBusiness(1).AddChat(2);

        var answer = await InboxWire.AskAsync(emulator, "POST", "/_inbox/messages", Message, contentType: contentType);

        Assert.That((answer.Status, chat.Messages.Count), Is.EqualTo((415, 0)));
    }

    [Test]
    public async Task No_answer_lets_another_site_read_or_frame_it()
    {
        await using var emulator = await InboxWire.StartAsync();

        var page = await InboxWire.AskAsync(emulator, "GET", "/", origin: "http://evil.example");
        var state = await InboxWire.AskAsync(emulator, "GET", "/_inbox/state", origin: "http://evil.example");

        foreach (var answer in new[] { page, state })
        {
            using (Assert.EnterMultipleScope())
            {
                Assert.That(answer.Header("Access-Control-Allow-Origin"), Is.Null);
                Assert.That(answer.Header("Cross-Origin-Resource-Policy"), Is.EqualTo("same-origin"));
                Assert.That(answer.Header("X-Content-Type-Options"), Is.EqualTo("nosniff"));
                Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
                Assert.That(answer.Header("Content-Security-Policy"), Does.Contain("frame-ancestors 'none'"));
            }
        }
    }
}
