namespace YandexMarket.Chats.Emulator.Tests.Inbox;

/// <summary>What another site in the same browser can try.</summary>
public sealed class InboxGuardTests : InboxTests
{
    private const string Message = """{"business":"1","chat":"2","text":"I was here"}""";

    [TestCase("evil.example")]
    [TestCase("127.0.0.1.evil.example")]
    [TestCase("localhost.evil.example:80")]
    [TestCase("localhost.")]
    [TestCase("127.0.0.2")]
    [TestCase("0.0.0.0")]
    [TestCase("")]
    public async Task Another_host_name_that_leads_to_this_machine_is_rejected(string host)
    {
        Chat.Receive("Zitronenfalter");

        var page = await SendAsync("GET", "/", host: host);
        var state = await SendAsync("GET", "/_inbox/state?business=1&chat=2", host: host);
        var write = await SendAsync("POST", "/_inbox/messages", Message, host: host, origin: $"http://{host}");

        Assert.That((page.Status, state.Status, write.Status), Is.EqualTo((403, 403, 403)));
        Assert.That(state.Text, Does.Not.Contain("Zitronenfalter"));
        Assert.That(Chat.Messages, Has.Count.EqualTo(1));
    }

    [TestCase("127.0.0.1:1234")]
    [TestCase("localhost")]
    [TestCase("LOCALHOST:80")]
    [TestCase("[::1]:8080")]
    public async Task This_machines_own_names_are_accepted(string host)
    {
        var page = await SendAsync("GET", "/", host: host);
        var write = await SendAsync("POST", "/_inbox/messages", Message, host: host, origin: $"http://{host}");

        Assert.That((page.Status, write.Status, Chat.Messages.Single().Text), Is.EqualTo((200, 200, "I was here")));
    }

    [TestCase("http://evil.example")]
    [TestCase("http://127.0.0.1:1")]
    [TestCase("https://127.0.0.1")]
    [TestCase("http://localhost")]
    [TestCase("null")]
    [TestCase(null)]
    public async Task A_write_of_any_other_page_is_rejected(string? origin)
    {
        Emulator.Faults.Next(ChatsFault.ResponseLost);

        var message = await SendAsync("POST", "/_inbox/messages", Message, origin: origin);
        var fault = await SendAsync("POST", "/_inbox/faults", """{"fault":null,"times":1}""", origin: origin);
        var clear = await SendAsync("DELETE", "/_inbox/faults", origin: origin);

        Assert.That((message.Status, fault.Status, clear.Status), Is.EqualTo((403, 403, 403)));
        Assert.That((Chat.Messages.Count, Emulator.Faults.Pending), Is.EqualTo((0, 1)));
    }

    [TestCase("cross-site", 403)]
    [TestCase("same-site", 403)]
    [TestCase("same-origin", 200)]
    [TestCase("none", 200)]
    public async Task Sec_Fetch_Site_decides_about_a_read(string site, int status)
    {
        var response = await SendAsync("GET", "/_inbox/state", headers: $"Sec-Fetch-Site: {site}\r\n");

        Assert.That(response.Status, Is.EqualTo(status));
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase(null)]
    public async Task A_body_that_a_form_could_send_is_rejected(string? contentType)
    {
        var response = await SendAsync("POST", "/_inbox/messages", Message, contentType: contentType);

        Assert.That((response.Status, Chat.Messages.Count), Is.EqualTo((415, 0)));
    }

    [TestCase("/")]
    [TestCase("/_inbox/state")]
    public async Task No_response_lets_another_site_read_or_frame_it(string target)
    {
        var response = await SendAsync("GET", target, origin: "http://evil.example");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Header("Access-Control-Allow-Origin"), Is.Null);
            Assert.That(response.Header("Cross-Origin-Resource-Policy"), Is.EqualTo("same-origin"));
            Assert.That(response.Header("X-Content-Type-Options"), Is.EqualTo("nosniff"));
            Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
            Assert.That(response.Header("Content-Security-Policy"), Does.Contain("frame-ancestors 'none'"));
        }
    }
}
